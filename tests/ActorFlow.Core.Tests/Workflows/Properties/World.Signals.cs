
namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>A signal that somebody sends.</summary>
/// <param name="At">When it arrives.</param>
/// <param name="Command">Names the command; one that was sent before may come again.</param>
/// <param name="Name">The signal's name.</param>
/// <param name="Payload">What it carries.</param>
internal sealed record SignalMessage(DateTimeOffset At, int Command, string Name, Payload Payload)
{
    public override string ToString() => $"{Command} {Name} {(Payload.Length > 200 ? "too large" : Payload)}";
}

/// <summary>Who sends signals: they come one after the other for as long as the run is open, whether anybody waits for them or not.</summary>
internal sealed partial record World
{
    /// <summary>A name that no task waits for.</summary>
    public const string Stranger = "stranger";

    /// <summary>More than a payload may have.</summary>
    public static readonly Payload TooLarge = Payload.FromString(new('x', 1024 * 1024));

    /// <summary>Fails every schema there is.</summary>
    public static readonly Payload Misfit = Payload.FromString("misfit");

    /// <summary>The signal of that number, from 0; none if no task waits for any.</summary>
    public SignalMessage? Signal(int number, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return null;
        }

        var period = TimeSpan.FromMilliseconds(100 + Hash(Clock, "period") % 1_500);
        // They come ever less often: a long run would be buried in them.
        var at = Start + period * (number + number * number / 10) + Length(period, Hash(Clock, "signal", Text(number)));
        var own = new SignalMessage(at, number, names[number % names.Count], PayloadOf(number, names[number % names.Count]));
        var earlier = Math.Max(0, number - 1 - (int)(Hash(Seed, "earlier", Text(number)) % 3));
        return (Hash(Seed, "signal", Text(number)) % 24) switch
        {
            0 or 1 => own with { Name = Stranger },
            2 or 3 => own with { Command = earlier },
            4 => own with { Command = earlier, Name = names[earlier % names.Count], Payload = PayloadOf(earlier, names[earlier % names.Count]) },
            5 or 6 when !IsTimeless => own with { Payload = Misfit },
            7 when !IsTimeless => own with { Payload = TooLarge },
            _ => own,
        };
    }

    private Payload PayloadOf(int number, string name) => IsTimeless ? ObjectOf(Hash(Seed, "payload", name)) : ObjectOf(Hash(Seed, "payload", name, Text(number)));
}
