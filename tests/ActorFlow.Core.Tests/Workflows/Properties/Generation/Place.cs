namespace ActorFlow.Core.Tests.Workflows.Properties.Generation;

/// <summary>What a task's output looks like, so that expressions mostly read what is there.</summary>
internal enum Shape
{
    Plain,
    Object,
    Array,
}

/// <summary>A scope in the making: its tasks, what is upstream of each, and what surrounds it.</summary>
internal sealed class Place(Place? parent = null, int owner = -1, bool fansOut = false, bool loops = false)
{
    private readonly List<string> _ids = [];
    private readonly Dictionary<int, HashSet<int>> _upstream = [];
    private readonly Dictionary<int, Shape> _shapes = [];
    private readonly Dictionary<int, List<string>> _cases = [];

    public bool InFanOut { get; } = fansOut || parent?.InFanOut == true;

    public bool InLoop { get; } = loops || parent?.InLoop == true;

    public bool Has(string id) => _ids.Contains(id);

    public void AddTask(string id) => _ids.Add(id);

    public string IdOf(int task) => _ids[task];

    public void SetShape(int task, Shape shape) => _shapes[task] = shape;

    public void SetCases(int task, List<string> cases) => _cases[task] = cases;

    public IReadOnlyList<string> CasesOf(int task) => _cases.GetValueOrDefault(task) ?? [];

    /// <summary>Says what a task needs; those tasks have been connected before.</summary>
    public void Connect(int task, IEnumerable<string> needs)
    {
        var needed = needs.Select(id => _ids.IndexOf(id)).ToList();
        _upstream[task] = [.. needed.SelectMany(other => _upstream[other]).Concat(needed)];
    }

    /// <summary>Every task that an expression in the place of a task may name; of no task: in the scope's <c>output</c>.</summary>
    public IEnumerable<(string Id, Shape Shape)> Visible(int? task, bool seesItself)
    {
        var inside = Enumerable.Range(0, _ids.Count).Where(other => task is not { } self || _upstream[self].Contains(other) || (seesItself && other == self));
        var around = parent?.Visible(owner, loops).Where(outer => !_ids.Contains(outer.Id)) ?? [];
        return inside.Select(other => (_ids[other], _shapes.GetValueOrDefault(other, Shape.Object))).Concat(around);
    }

    public static string Reference(string id) => id.Contains('-', StringComparison.Ordinal) ? $"tasks['{id}']" : $"tasks.{id}";
}

/// <summary>Where an expression stands, and so what it may name.</summary>
/// <param name="Place">The scope.</param>
/// <param name="Task">The task; none: the scope's <c>output</c>.</param>
/// <param name="InFanOut">Whether <c>item</c> and <c>index</c> are there.</param>
/// <param name="InLoop">Whether <c>iteration</c> is there.</param>
/// <param name="SeesItself">Whether the task may name itself.</param>
internal sealed record Site(Place Place, int? Task, bool InFanOut, bool InLoop, bool SeesItself);
