using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>The last 1,000 command ids of a run: a repeat of one of them changes nothing.</summary>
internal sealed class CommandWindow
{
    public const int Size = 1_000;

    public static readonly CommandWindow Empty = new([], []);

    private readonly ImmutableHashSet<Guid> _ids;
    private readonly ImmutableQueue<Guid> _order;

    private CommandWindow(ImmutableHashSet<Guid> ids, ImmutableQueue<Guid> order)
    {
        _ids = ids;
        _order = order;
    }

    /// <summary>The ids, oldest first.</summary>
    public IEnumerable<Guid> Ids => _order;

    public bool Contains(Guid id) => _ids.Contains(id);

    public CommandWindow Add(Guid id)
    {
        if (_ids.Contains(id))
        {
            return this;
        }

        var (ids, order) = (_ids.Add(id), _order.Enqueue(id));
        if (ids.Count > Size)
        {
            order = order.Dequeue(out var oldest);
            ids = ids.Remove(oldest);
        }

        return new(ids, order);
    }
}
