using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>
/// The commands that a run has accepted: a repeat of one of them changes nothing. One is forgotten when it is neither among the last 1,000
/// nor younger than a day; at most 10,000 are kept.
/// </summary>
internal sealed class CommandWindow
{
    public const int Size = 1_000;

    public const int LargestSize = 10_000;

    public static readonly CommandWindow Empty = new([], null, []);

    /// <summary>Up to this many are kept in a list only: most runs take one or two commands.</summary>
    private const int Few = 16;

    private readonly ImmutableArray<TakenCommand> _few;
    private readonly ImmutableDictionary<Guid, ulong>? _hashes;
    private readonly ImmutableQueue<TakenCommand> _order;

    private CommandWindow(ImmutableArray<TakenCommand> few, ImmutableDictionary<Guid, ulong>? hashes, ImmutableQueue<TakenCommand> order)
    {
        _few = few;
        _hashes = hashes;
        _order = order;
    }

    /// <summary>How long a command is remembered at least, unless there are too many.</summary>
    public static TimeSpan Time { get; } = TimeSpan.FromHours(24);

    /// <summary>The commands, oldest first.</summary>
    public IEnumerable<TakenCommand> All => _hashes is null ? _few : _order;

    /// <summary>Whether a command was accepted before, and was the same. What an earlier version remembers has no hash, and counts as the same.</summary>
    public CommandStanding StandingOf(Guid id, Func<ulong> hash) => HashOf(id) switch
    {
        null => CommandStanding.New,
        0 => CommandStanding.Repeat,
        var known => known == hash() ? CommandStanding.Repeat : CommandStanding.Conflict,
    };

    public CommandWindow Add(TakenCommand command)
    {
        if (HashOf(command.Id) is not null)
        {
            return this;
        }

        if (_hashes is null && _few.Length < Few)
        {
            return new(_few.Add(command), null, []);
        }

        var hashes = (_hashes ?? _few.ToImmutableDictionary(one => one.Id, one => one.Hash)).Add(command.Id, command.Hash);
        var order = (_hashes is null ? [.. _few] : _order).Enqueue(command);
        while (hashes.Count > LargestSize || (hashes.Count > Size && command.At - order.Peek().At >= Time))
        {
            order = order.Dequeue(out var oldest);
            hashes = hashes.Remove(oldest.Id);
        }

        return new([], hashes, order);
    }

    private ulong? HashOf(Guid id)
    {
        if (_hashes is not null)
        {
            return _hashes.TryGetValue(id, out var hash) ? hash : null;
        }

        foreach (var one in _few)
        {
            if (one.Id == id)
            {
                return one.Hash;
            }
        }

        return null;
    }
}

/// <summary>How a command relates to those that a run has accepted.</summary>
internal enum CommandStanding
{
    /// <summary>Its id is new.</summary>
    New,

    /// <summary>It was accepted before.</summary>
    Repeat,

    /// <summary>Its id is that of another command.</summary>
    Conflict,
}
