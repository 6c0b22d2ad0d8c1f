using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>The last 1,000 command ids of a run: a repeat of one of them changes nothing.</summary>
internal sealed class CommandWindow
{
    public const int Size = 1_000;

    public static readonly CommandWindow Empty = new([], null, []);

    /// <summary>Up to this many are kept in a list only: most runs take one or two commands.</summary>
    private const int Few = 16;

    private readonly ImmutableArray<Guid> _few;
    private readonly ImmutableHashSet<Guid>? _ids;
    private readonly ImmutableQueue<Guid> _order;

    private CommandWindow(ImmutableArray<Guid> few, ImmutableHashSet<Guid>? ids, ImmutableQueue<Guid> order)
    {
        _few = few;
        _ids = ids;
        _order = order;
    }

    /// <summary>The ids, oldest first.</summary>
    public IEnumerable<Guid> Ids => _ids is null ? _few : _order;

    public bool Contains(Guid id) => _ids?.Contains(id) ?? _few.Contains(id);

    public CommandWindow Add(Guid id)
    {
        if (Contains(id))
        {
            return this;
        }

        if (_ids is null && _few.Length < Few)
        {
            return new(_few.Add(id), null, []);
        }

        var ids = (_ids ?? [.. _few]).Add(id);
        var order = (_ids is null ? [.. _few] : _order).Enqueue(id);
        if (ids.Count > Size)
        {
            order = order.Dequeue(out var oldest);
            ids = ids.Remove(oldest);
        }

        return new([], ids, order);
    }
}
