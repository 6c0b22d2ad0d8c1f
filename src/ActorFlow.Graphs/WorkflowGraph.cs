using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Graphs;

/// <summary>The graph of a definition for pictures: scopes of nodes and edges, and groups with scopes of their own.</summary>
/// <param name="Title">Name and version.</param>
/// <param name="Scope">The tasks of the run itself.</param>
public sealed record WorkflowGraph(string Title, GraphScope Scope)
{
    /// <summary>Makes the graph of a valid definition.</summary>
    public static WorkflowGraph Of(WorkflowDefinition definition)
    {
        var number = 0;
        return new($"{definition.Name} v{definition.Version}", GraphScope.Of(definition.Tasks, "", ref number));
    }
}

/// <summary>The tasks of one scope and the needs between them.</summary>
public sealed record GraphScope(ImmutableArray<GraphNode> Nodes, ImmutableArray<GraphEdge> Edges)
{
    /// <summary>Makes the scope of these tasks.</summary>
    /// <param name="tasks">All tasks of the scope.</param>
    /// <param name="path">The path of the group they are in, with a slash at its end.</param>
    /// <param name="number">How many nodes the graph has so far.</param>
    public static GraphScope Of(ImmutableArray<TaskDefinition> tasks, string path, ref int number)
    {
        var nodes = ImmutableArray.CreateBuilder<GraphNode>(tasks.Length);
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var task in tasks)
        {
            indexes.Add(task.Id, nodes.Count);
            nodes.Add(GraphNode.Of(task, path, ref number));
        }

        var edges = ImmutableArray.CreateBuilder<GraphEdge>();
        for (var i = 0; i < tasks.Length; i++)
        {
            // One arrow names all cases of one switch.
            foreach (var needs in tasks[i].Needs.GroupBy(need => need.Task))
            {
                var cases = needs.Where(need => need.Case is not null).Select(need => need.Case).ToList();
                edges.Add(new(indexes[needs.Key], i, cases.Count == 0 ? null : string.Join(", ", cases)));
            }
        }

        return new(nodes.MoveToImmutable(), edges.DrainToImmutable());
    }
}

/// <summary>A task in a picture.</summary>
/// <param name="Key">A name that is valid in every format and unique in the graph.</param>
/// <param name="Path">Its path for people: <c>group/task</c>.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Kind">The kind of task, as it is drawn.</param>
/// <param name="Detail">What it does, in few words.</param>
/// <param name="IsForEach">Whether it fans out.</param>
/// <param name="IsRepeat">Whether it loops.</param>
/// <param name="Inner">The tasks of a group; null unless the node is a group.</param>
public sealed record GraphNode(
    string Key, string Path, string Title, NodeKind Kind, string Detail, bool IsForEach, bool IsRepeat, GraphScope? Inner)
{
    /// <summary>Everything about it except its title, on one line.</summary>
    public string Subtitle => string.Join(" · ", new[] { Detail, IsForEach ? "for each" : "", IsRepeat ? "repeat" : "" }.Where(part => part.Length > 0));

    /// <summary>Makes the node of a task.</summary>
    public static GraphNode Of(TaskDefinition task, string path, ref int number)
    {
        var key = $"n{number++}";
        var (kind, detail) = Describe(task.Kind);
        var inner = task.Kind is TaskKind.Group group ? GraphScope.Of(group.Tasks, $"{path}{task.Id}/", ref number) : null;
        return new(
            key, path + task.Id, task.Title is { } title && OneLine.Of(title) is { Length: > 0 } line ? line : task.Id, kind, OneLine.Of(detail), task.ForEach is not null, task.Repeat is not null, inner);
    }

    private static (NodeKind Kind, string Detail) Describe(TaskKind kind) => kind switch
    {
        TaskKind.Uses uses => (NodeKind.Uses, uses.Handler),
        TaskKind.Switch => (NodeKind.Switch, "switch"),
        TaskKind.Set => (NodeKind.Set, "set"),
        TaskKind.Delay delay => (NodeKind.Delay, $"delay {delay.For}"),
        TaskKind.Fail => (NodeKind.Fail, "fail"),
        TaskKind.Group => (NodeKind.Group, ""),
        TaskKind.Child child => (NodeKind.Child, $"workflow {child.Reference}"),
        TaskKind.Signal signal => (NodeKind.Signal, $"signal {signal.Name}"),
        TaskKind.Ask ask => (NodeKind.Ask, $"ask {ask.Kind.ToString().ToLowerInvariant()}"),
        _ => throw new System.Diagnostics.UnreachableException($"No picture of {kind.GetType().Name}."),
    };
}

/// <summary>An arrow within one scope.</summary>
/// <param name="From">The index of the node needed.</param>
/// <param name="To">The index of the node that needs it.</param>
/// <param name="Label">The cases along which it is needed; null means the whole task.</param>
public readonly record struct GraphEdge(int From, int To, string? Label);

/// <summary>The kinds of tasks that are drawn differently.</summary>
public enum NodeKind
{
    /// <summary>A task that runs a handler.</summary>
    Uses,

    /// <summary>A task that chooses a case.</summary>
    Switch,

    /// <summary>A task that computes values.</summary>
    Set,

    /// <summary>A task that waits for time.</summary>
    Delay,

    /// <summary>A task that fails its scope.</summary>
    Fail,

    /// <summary>A task that runs a child.</summary>
    Child,

    /// <summary>A task that waits for a signal.</summary>
    Signal,

    /// <summary>A task that asks a question.</summary>
    Ask,

    /// <summary>A group.</summary>
    Group,
}
