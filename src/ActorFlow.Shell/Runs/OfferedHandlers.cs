using System.Collections.Immutable;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Shell.Runs;

/// <summary>Checks handlers: an embedded node has only its own worker, so an attempt for a handler that it lacks would wait forever.</summary>
internal static class OfferedHandlers
{
    /// <summary>Checks that every handler that the definitions name is known to the worker.</summary>
    /// <param name="definitions">The definitions.</param>
    /// <param name="source">Where they come from: a file.</param>
    /// <param name="offered">The handlers of the worker.</param>
    /// <exception cref="CommandFailure">A handler is missing.</exception>
    public static void Check(IEnumerable<WorkflowDefinition> definitions, string source, IReadOnlyCollection<string> offered)
    {
        foreach (var (path, handler) in definitions.SelectMany(definition => Named(definition.Tasks, "")))
        {
            if (!offered.Contains(handler))
            {
                var names = string.Join(", ", offered.Order(StringComparer.Ordinal));
                var guess = UsageError.Nearest(handler, offered) is { } near ? $" Did you mean '{near}'?" : "";
                throw new CommandFailure(
                    $"{source}: task {path} uses '{handler}', which this command does not offer; it offers {names}.{guess} A node with a worker of your own can");
            }
        }
    }

    private static IEnumerable<(string Path, string Handler)> Named(ImmutableArray<TaskDefinition> tasks, string path)
    {
        foreach (var task in tasks)
        {
            if (task.Kind is TaskKind.Uses uses)
            {
                yield return (path + task.Id, uses.Handler);
            }

            if (task.Compensate is { } compensate)
            {
                yield return (path + task.Id, compensate.Handler);
            }

            if (task.Kind is TaskKind.Group group)
            {
                foreach (var inner in Named(group.Tasks, $"{path}{task.Id}/"))
                {
                    yield return inner;
                }
            }
        }
    }
}
