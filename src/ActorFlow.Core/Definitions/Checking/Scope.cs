using System.Collections.Immutable;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>The tasks of a definition, or of a group: <c>needs</c> can name them, and expressions in this scope and in scopes inside it.</summary>
internal sealed class Scope
{
    private readonly Dictionary<string, int> _indexes;

    /// <param name="tasks">The tasks of the scope.</param>
    /// <param name="path">The path of what holds them.</param>
    /// <param name="parent">The scope that holds the group; null for the definition itself.</param>
    /// <param name="owner">The index of the group in that scope; -1 for the definition itself.</param>
    public Scope(ImmutableArray<TaskDefinition> tasks, DefinitionPath path, Scope? parent = null, int owner = -1)
    {
        Tasks = tasks;
        Path = path;
        Parent = parent;
        Owner = owner;
        if (parent is not null)
        {
            InFanOut = parent.InFanOut || OwnerTask!.ForEach is not null;
            InLoop = parent.InLoop || OwnerTask!.Repeat is not null;
        }

        _indexes = new(tasks.Length, StringComparer.Ordinal);
        for (var i = 0; i < tasks.Length; i++)
        {
            _indexes.TryAdd(tasks[i].Id, i);
        }

        Needs = new int[tasks.Length][];
        IsRead = new bool[tasks.Length];
    }

    public ImmutableArray<TaskDefinition> Tasks { get; }

    public DefinitionPath Path { get; }

    public Scope? Parent { get; }

    public int Owner { get; }

    public TaskDefinition? OwnerTask => Parent?.Tasks[Owner];

    /// <summary>Whether <c>item</c> and <c>index</c> are those of an enclosing group.</summary>
    public bool InFanOut { get; }

    /// <summary>Whether <c>iteration</c> is that of an enclosing group.</summary>
    public bool InLoop { get; }

    /// <summary>For each task, the indexes of the tasks that it needs, without itself and without unknown tasks.</summary>
    public int[][] Needs { get; }

    /// <summary>For each task, whether an expression names it.</summary>
    public bool[] IsRead { get; }

    /// <summary>References of expressions to tasks of this scope that must be upstream.</summary>
    public List<UpstreamReference> References { get; } = [];

    public IEnumerable<string> Ids => _indexes.Keys;

    public DefinitionPath PathOf(int task) => Path["tasks"][Tasks[task].Id];

    /// <summary>Finds the index of the task of that id; of several tasks, the first.</summary>
    public bool TryFind(string id, out int index) => _indexes.TryGetValue(id, out index);
}

/// <summary>A reference from an expression in one task to another task.</summary>
/// <param name="Task">The task that it stands in.</param>
/// <param name="Target">The task that it names.</param>
/// <param name="Path">Where it stands.</param>
/// <param name="Offset">The offset into the text there.</param>
internal readonly record struct UpstreamReference(int Task, int Target, DefinitionPath Path, int Offset);
