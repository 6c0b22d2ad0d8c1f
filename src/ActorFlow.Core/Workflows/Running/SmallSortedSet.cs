using System.Collections;
using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>
/// A persistent sorted set: one array while it holds a few items, as most of a run's lists do, else a tree. The default is the
/// empty set.
/// </summary>
internal readonly struct SmallSortedSet<T> : IReadOnlyCollection<T>
    where T : struct, IComparable<T>
{
    private const int Few = 8;

    /// <summary>Null for the empty set, a sorted array of at most <see cref="Few"/> items, or a tree.</summary>
    private readonly object? _items;

    private SmallSortedSet(object? items) => _items = items;

    public bool IsEmpty => _items is null;

    public int Count => _items switch
    {
        null => 0,
        T[] few => few.Length,
        _ => Tree.Count,
    };

    /// <summary>The first item.</summary>
    /// <exception cref="InvalidOperationException">The set is empty.</exception>
    public T Min => _items switch
    {
        null => throw new InvalidOperationException("The set is empty."),
        T[] few => few[0],
        _ => Tree.Min,
    };

    private ImmutableSortedSet<T> Tree => (ImmutableSortedSet<T>)_items!;

    public SmallSortedSet<T> Add(T item)
    {
        if (_items is null)
        {
            return new(new[] { item });
        }

        if (_items is not T[] few)
        {
            return new(Tree.Add(item));
        }

        var at = Array.BinarySearch(few, item);
        if (at >= 0)
        {
            return this;
        }

        if (few.Length == Few)
        {
            return new(ImmutableSortedSet.Create(few).Add(item));
        }

        var more = new T[few.Length + 1];
        few.AsSpan(0, ~at).CopyTo(more);
        more[~at] = item;
        few.AsSpan(~at).CopyTo(more.AsSpan(~at + 1));
        return new(more);
    }

    public SmallSortedSet<T> Remove(T item)
    {
        if (_items is null)
        {
            return this;
        }

        if (_items is not T[] few)
        {
            return Of(Tree.Remove(item));
        }

        var at = Array.BinarySearch(few, item);
        if (at < 0)
        {
            return this;
        }

        if (few.Length == 1)
        {
            return default;
        }

        var fewer = new T[few.Length - 1];
        few.AsSpan(0, at).CopyTo(fewer);
        few.AsSpan(at + 1).CopyTo(fewer.AsSpan(at));
        return new(fewer);
    }

    public SmallSortedSet<T> Union(IEnumerable<T> items)
    {
        var tree = (_items is T[] few ? ImmutableSortedSet.Create(few) : _items as ImmutableSortedSet<T> ?? []).Union(items);
        return Of(tree);
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)(_items ?? Array.Empty<T>())).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static SmallSortedSet<T> Of(ImmutableSortedSet<T> tree) =>
        tree.IsEmpty ? default : new(tree.Count <= Few / 2 ? tree.ToArray() : tree);
}
