using ActorFlow.Core.Tasks;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>One attempt on a worker, which enforces the attempt's timeout and reacts when the attempt is withdrawn.</summary>
internal sealed class RunningHandler
{
    private readonly World _world;
    private readonly Payload _input;

    public RunningHandler(World world, string path, int attempt, Payload input, TimeSpan timeout, DateTimeOffset now, int sequence)
    {
        (_world, _input) = (world, input);
        (Path, Attempt, Sequence, StartedAt) = (path, attempt, sequence, now);
        var duration = world.DurationOf(path, attempt);
        EndsAt = now + (duration < timeout ? duration : timeout);
        Outcome = duration < timeout
            ? world.EndingOf(path, attempt, input)
            : new TaskOutcome.Failed(ErrorTypes.TimedOut, "too slow", true, null);
    }

    public string Path { get; }

    public int Attempt { get; }

    /// <summary>Of reports due at the same instant, that of the attempt started first comes first.</summary>
    public int Sequence { get; }

    public DateTimeOffset StartedAt { get; }

    public DateTimeOffset EndsAt { get; private set; }

    public TaskOutcome Outcome { get; private set; }

    public bool IsWithdrawn { get; private set; }

    /// <summary>Whether the attempt was taken back at the instant of its offer: no worker ever began it.</summary>
    public bool NeverBegan { get; private set; }

    /// <summary>Whether it would have ended without effect, and known to have, if it were withdrawn.</summary>
    public bool WouldEndWithoutEffect => _world.ReactionOf(Path, Attempt, _input) is TaskOutcome.Cancelled or TaskOutcome.Released;

    public void Withdraw(DateTimeOffset now)
    {
        IsWithdrawn = true;
        NeverBegan = now == StartedAt;
        var reaction = NeverBegan ? TaskOutcome.Cancelled.Instance : _world.ReactionOf(Path, Attempt, _input);
        var reactsAt = now + _world.GraceOf(Path, Attempt);
        if (NeverBegan || (reaction is not null && reactsAt < EndsAt))
        {
            (EndsAt, Outcome) = (reactsAt, reaction!);
        }
    }
}
