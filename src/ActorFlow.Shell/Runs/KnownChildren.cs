using System.Collections.Immutable;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Shell.Runs;

/// <summary>
/// Checks before a start that every child workflow is known: in the document, or in the registry (definitions of an earlier run do
/// not count), and that the worker has the handlers of the registered ones.
/// </summary>
internal sealed class KnownChildren(EmbeddedNode node, ImmutableArray<WorkflowDefinition> document, IReadOnlyCollection<string> handlers)
{
    /// <summary>Checks the children of all definitions.</summary>
    /// <exception cref="CommandFailure">A child's definition is unknown, or uses a handler that the worker does not have.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var next = new Queue<WorkflowDefinition>(document);
        var seen = new HashSet<(string Name, int? Version)>();
        while (next.TryDequeue(out var definition))
        {
            foreach (var (path, child) in Children(definition.Tasks, ""))
            {
                if (IsOwn(child) || !seen.Add((child.Name, child.Version)))
                {
                    continue;
                }

                var found = await node.Catalog.ResolveAsync(child.Name, child.Version, cancellationToken).ConfigureAwait(false)
                    ?? throw new CommandFailure(
                        $"task {path} of {definition.Name} runs the workflow '{child.Reference}', which is neither in the file nor registered");
                var registered = (await node.PlanOfAsync(found, cancellationToken).ConfigureAwait(false)).Definition;
                OfferedHandlers.Check([registered], $"the registered workflow {found.Name}@{found.Version}", handlers);
                next.Enqueue(registered);
            }
        }
    }

    /// <summary>Whether a definition has a task that runs a child.</summary>
    public static bool HasAny(WorkflowDefinition definition) => Children(definition.Tasks, "").Any();

    private bool IsOwn(TaskKind.Child child) =>
        document.Any(own => own.Name == child.Name && (child.Version is null || child.Version == own.Version));

    private static IEnumerable<(string Path, TaskKind.Child Child)> Children(ImmutableArray<TaskDefinition> tasks, string path)
    {
        foreach (var task in tasks)
        {
            if (task.Kind is TaskKind.Child child)
            {
                yield return (path + task.Id, child);
            }

            if (task.Kind is TaskKind.Group group)
            {
                foreach (var inner in Children(group.Tasks, $"{path}{task.Id}/"))
                {
                    yield return inner;
                }
            }
        }
    }
}
