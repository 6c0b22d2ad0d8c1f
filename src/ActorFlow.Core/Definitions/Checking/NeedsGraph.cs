namespace ActorFlow.Core.Definitions.Checking;

/// <summary>
/// The tasks of a scope in the order of their needs, by Tarjan's strongly connected components. It does not recurse, so that a chain of
/// ten thousand tasks does not overflow the stack.
/// </summary>
internal sealed class NeedsGraph
{
    private const int Unvisited = 0;

    private readonly int[][] _needs;
    private readonly int[] _number;
    private readonly int[] _low;
    private readonly int[] _nextNeed;
    private readonly bool[] _isOpen;
    private readonly Stack<int> _open = new();
    private readonly List<int> _order;
    private readonly List<int[]> _knots = [];
    private int _count;

    public NeedsGraph(int[][] needs)
    {
        _needs = needs;
        _number = new int[needs.Length];
        _low = new int[needs.Length];
        _nextNeed = new int[needs.Length];
        _isOpen = new bool[needs.Length];
        _order = new(needs.Length);
        for (var task = 0; task < needs.Length; task++)
        {
            if (_number[task] == Unvisited)
            {
                Visit(task);
            }
        }
    }

    /// <summary>The tasks, each after those that it needs; tasks of a cycle stand next to each other.</summary>
    public IReadOnlyList<int> Order => _order;

    /// <summary>For each group of tasks that wait for each other, one shortest cycle through its first task in file order.</summary>
    public IEnumerable<IReadOnlyList<int>> Cycles => _knots.Select(CycleOf);

    /// <summary>The tasks in cycles.</summary>
    public IEnumerable<int> Knotted => _knots.SelectMany(knot => knot);

    private void Visit(int root)
    {
        var path = new Stack<int>();
        Enter(root, path);
        while (path.TryPeek(out var task))
        {
            if (_nextNeed[task] < _needs[task].Length)
            {
                var need = _needs[task][_nextNeed[task]++];
                if (_number[need] == Unvisited)
                {
                    Enter(need, path);
                }
                else if (_isOpen[need])
                {
                    _low[task] = Math.Min(_low[task], _number[need]);
                }

                continue;
            }

            path.Pop();
            if (path.TryPeek(out var dependant))
            {
                _low[dependant] = Math.Min(_low[dependant], _low[task]);
            }

            if (_low[task] == _number[task])
            {
                Close(task);
            }
        }
    }

    private void Enter(int task, Stack<int> path)
    {
        _number[task] = _low[task] = ++_count;
        _isOpen[task] = true;
        _open.Push(task);
        path.Push(task);
    }

    private void Close(int root)
    {
        var start = _order.Count;
        int task;
        do
        {
            task = _open.Pop();
            _isOpen[task] = false;
            _order.Add(task);
        }
        while (task != root);

        if (_order.Count - start > 1)
        {
            _knots.Add([.. _order.Skip(start).Order()]);
        }
    }

    private List<int> CycleOf(int[] knot)
    {
        var (start, members) = (knot[0], knot.ToHashSet());
        var dependantOf = new Dictionary<int, int>();
        var queue = new Queue<int>([start]);
        while (queue.TryDequeue(out var task))
        {
            foreach (var need in _needs[task].Where(members.Contains))
            {
                if (need == start)
                {
                    return Trace(task, start, dependantOf);
                }

                if (dependantOf.TryAdd(need, task))
                {
                    queue.Enqueue(need);
                }
            }
        }

        throw new InvalidOperationException("Tasks of one knot reach each other.");
    }

    private static List<int> Trace(int last, int start, Dictionary<int, int> dependantOf)
    {
        var cycle = new List<int> { start };
        for (var task = last; task != start; task = dependantOf[task])
        {
            cycle.Add(task);
        }

        cycle.Add(start);
        cycle.Reverse();
        return cycle;
    }
}
