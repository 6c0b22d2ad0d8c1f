using System.Globalization;

namespace ActorFlow.Node.Admin;

/// <summary>What an argument can be completed with.</summary>
internal static class AdminCompletion
{
    private const int MostRuns = 100;

    /// <summary>Whether what completes it is asked of the engine.</summary>
    public static bool Asks(AdminArgument argument) => argument.Kind is
        AdminKind.Run or AdminKind.Definition or AdminKind.DefinitionVersion or AdminKind.Checkpoint or AdminKind.Task or AdminKind.Question or AdminKind.Signal;

    /// <summary>The words, unsorted; those of a run need one.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="client">Is asked.</param>
    /// <param name="run">The run that the command is about; null means that none was typed.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public static async Task<IEnumerable<string>> OfAsync(AdminArgument argument, IWorkflowClient client, string? run, CancellationToken cancellationToken)
    {
        switch (argument.Kind)
        {
            case AdminKind.Run:
                return (await client.ListPageAsync(new() { Limit = MostRuns }, cancellationToken).ConfigureAwait(false)).Items.Select(one => one.Id);
            case AdminKind.Definition or AdminKind.DefinitionVersion:
                return (await client.Definitions.ListAsync(cancellationToken).ConfigureAwait(false)).Select(one => one.Name).Distinct();
            case AdminKind.Checkpoint when run is not null:
                return (await client.CheckpointsAsync(run, cancellationToken).ConfigureAwait(false))
                    .Select(one => one.Name ?? string.Create(CultureInfo.InvariantCulture, $"#{one.Sequence}")).Distinct();
            case AdminKind.Task or AdminKind.Question or AdminKind.Signal when run is not null:
                var description = await client.DescribeAsync(run, cancellationToken).ConfigureAwait(false);
                return argument.Kind switch
                {
                    AdminKind.Task => description.Tasks.Select(task => task.Path),
                    AdminKind.Question => description.Questions.Select(question => question.Task),
                    _ => description.Waits.Where(wait => wait.Kind == WaitKind.Signal).Select(wait => wait.Detail).OfType<string>(),
                };
            default:
                return argument.Words;
        }
    }
}
