using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Graphs;

/// <summary>A definition as a picture needs it: scopes of nodes and edges, groups holding scopes of their own.</summary>
/// <param name="Title">Name and version.</param>
/// <param name="Scope">The tasks of the run itself.</param>
public sealed record WorkflowGraph(string Title, GraphScope Scope)
{
    /// <summary>The graph of a valid definition.</summary>
    public static WorkflowGraph Of(WorkflowDefinition definition)
    {
        var number = 0;
        return new($"{definition.Name} v{definition.Version}", GraphScope.Of(definition.Tasks, "", ref number));
    }
}

/// <summary>The tasks of one scope and what they need of each other.</summary>
public sealed record GraphScope(ImmutableArray<GraphNode> Nodes, ImmutableArray<GraphEdge> Edges)
{
    /// <summary>The scope of these tasks.</summary>
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
            // Several cases of one switch: one arrow naming them all.
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
/// <param name="Key">A name safe in every format, unique in the graph.</param>
/// <param name="Path">Its path for people: <c>group/task</c>.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Kind">What sort of task it is.</param>
/// <param name="Detail">What it does, in few words.</param>
/// <param name="IsForEach">Whether it fans out.</param>
/// <param name="IsRepeat">Whether it loops.</param>
/// <param name="Inner">The tasks of a group.</param>
public sealed record GraphNode(
    string Key, string Path, string Title, NodeKind Kind, string Detail, bool IsForEach, bool IsRepeat, GraphScope? Inner)
{
    /// <summary>Everything about it but its title, on one line.</summary>
    public string Subtitle => string.Join(" · ", new[] { Detail, IsForEach ? "for each" : "", IsRepeat ? "repeat" : "" }.Where(part => part.Length > 0));

    /// <summary>The node of a task.</summary>
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
        _ => (NodeKind.Uses, kind.GetType().Name.ToLowerInvariant()),
    };
}

/// <summary>An arrow within one scope.</summary>
/// <param name="From">The index of the node needed.</param>
/// <param name="To">The index of the node that needs it.</param>
/// <param name="Label">The cases it is needed along; none: always.</param>
public readonly record struct GraphEdge(int From, int To, string? Label);

/// <summary>The sorts of tasks that are drawn differently.</summary>
public enum NodeKind
{
    /// <summary>A handler is called.</summary>
    Uses,

    /// <summary>One of several cases is chosen.</summary>
    Switch,

    /// <summary>Values are computed.</summary>
    Set,

    /// <summary>Time passes.</summary>
    Delay,

    /// <summary>The scope fails.</summary>
    Fail,

    /// <summary>Another workflow runs.</summary>
    Child,

    /// <summary>A signal is waited for.</summary>
    Signal,

    /// <summary>Somebody is asked.</summary>
    Ask,

    /// <summary>Tasks of its own.</summary>
    Group,
}
