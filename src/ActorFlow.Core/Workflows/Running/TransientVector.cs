using System.Collections;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>
/// A persistent list of fixed length. Within one edit (any object: each copy of a run has its own) a node that was copied is then changed in
/// place, so that the cost of an event depends on what it changes, and many events of one decision cost little more than one.
/// </summary>
internal sealed class TransientVector<T> : IReadOnlyList<T>
{
    private const int Bits = 5;
    private const int Width = 1 << Bits;

    private readonly Node _root;
    private readonly int _shift;

    private TransientVector(Node root, int shift, int count)
    {
        _root = root;
        _shift = shift;
        Count = count;
    }

    /// <summary>The number of items, which never changes.</summary>
    public int Count { get; }

    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            var node = _root;
            for (var shift = _shift; shift > 0; shift -= Bits)
            {
                node = node.Branches![(index >> shift) & (Width - 1)];
            }

            return node.Items![index & (Width - 1)];
        }
    }

    public static TransientVector<T> Of(IEnumerable<T> items)
    {
        var all = items as T[] ?? [.. items];
        return Over([.. all.Chunk(Width).Select(chunk => new Node(null, chunk, null))], all.Length);
    }

    /// <summary>Makes a list with the same item everywhere; it takes little memory until slots are set.</summary>
    public static TransientVector<T> Filled(T item, int count)
    {
        var full = new Node(null, Enumerable.Repeat(item, Math.Min(count, Width)).ToArray(), null);
        return Over(Enumerable.Repeat(full, (count + Width - 1) / Width).ToArray(), count);
    }

    /// <summary>Gives the list with that slot set: the same list, if it belongs to the edit already.</summary>
    public TransientVector<T> SetItem(int index, T item, object edit)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        var root = Set(_root, _shift, index, item, edit);
        return ReferenceEquals(root, _root) ? this : new(root, _shift, Count);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static TransientVector<T> Over(Node[] nodes, int count)
    {
        var shift = 0;
        for (; nodes.Length > 1; shift += Bits)
        {
            nodes = [.. nodes.Chunk(Width).Select(chunk => new Node(null, null, chunk))];
        }

        return new(nodes is [var root] ? root : new(null, [], null), shift, count);
    }

    private static Node Set(Node node, int shift, int index, T item, object edit)
    {
        if (!ReferenceEquals(node.Edit, edit))
        {
            node = node.Copy(edit);
        }

        var at = (index >> shift) & (Width - 1);
        if (shift == 0)
        {
            node.Items![at] = item;
        }
        else
        {
            node.Branches![at] = Set(node.Branches[at], shift - Bits, index, item, edit);
        }

        return node;
    }

    private sealed class Node(object? edit, T[]? items, Node[]? branches)
    {
        public object? Edit { get; } = edit;

        public T[]? Items { get; } = items;

        public Node[]? Branches { get; } = branches;

        public Node Copy(object edit) => new(edit, Items?.AsSpan().ToArray(), Branches?.AsSpan().ToArray());
    }
}
