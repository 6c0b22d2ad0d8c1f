using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Shell.Nodes;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Workflows;

/// <summary>Waits for the results of runs, and tells them.</summary>
internal static class RunResults
{
    /// <summary>Waits for the end of a run and tells how it ended.</summary>
    /// <param name="call">The call of the verb.</param>
    /// <param name="id">The run.</param>
    /// <param name="cancellationToken">Interrupts the wait.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static Task<int> WaitAsync(NodeCall call, string id, CancellationToken cancellationToken) => UntilInterruptedAsync(
        call,
        id,
        async token => await TellAsync(call, await call.Client.WaitForResultAsync(id, token).ConfigureAwait(false)).ConfigureAwait(false),
        cancellationToken);

    /// <summary>Follows a run for as long as the user wants; the run goes on without it.</summary>
    /// <param name="call">The call of the verb.</param>
    /// <param name="id">The run.</param>
    /// <param name="work">Follows it.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> UntilInterruptedAsync(NodeCall call, string id, Func<CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        using var interrupts = new Interrupts(static () => Environment.Exit(ExitCode.Interrupted), cancellationToken).Listen();
        try
        {
            return await work(interrupts.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupts.Token.IsCancellationRequested)
        {
            await call.Console.Error.WriteLineAsync($"interrupted; the run goes on, wait for it with: {call.Line("workflow", "result", id, "--wait")}").ConfigureAwait(false);
            return ExitCode.Interrupted;
        }
    }

    /// <summary>Tells how a run ended: its output on standard output, all else on standard error.</summary>
    /// <param name="call">The call of the verb.</param>
    /// <param name="result">The result.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> TellAsync(NodeCall call, WorkflowResult result)
    {
        foreach (var task in result.Failures)
        {
            await call.Console.Error.WriteLineAsync(ResultText.Of(task)).ConfigureAwait(false);
        }

        var reason = result.Failure is { } failure ? $"{failure.Type}: {failure.Message}" : result.Reason;
        var why = reason is not null && result.Failures.IsDefaultOrEmpty ? $": {OneLine.Of(reason)}" : "";
        await call.Console.Error.WriteLineAsync(
            $"{result.Definition.Name} v{result.Definition.Version} {ResultText.Of(result.Status)} in {Duration.Format(result.ClosedAt - result.StartedAt)} (id {result.Id}){why}")
            .ConfigureAwait(false);
        if (call.IsJsonAsked)
        {
            var whole = new RunResult(result.Status, result.Output, reason, result.Failures) { StartedAt = result.StartedAt, EndedAt = result.ClosedAt };
            await call.Console.Out.WriteLineAsync(RunResultJson.Of(result.Id, whole).ToString()).ConfigureAwait(false);
        }
        else if (result.Output is not null)
        {
            await call.Console.Out.WriteLineAsync(result.Output.ToString()).ConfigureAwait(false);
        }

        return CodeOf(result.Status);
    }

    /// <summary>The exit code that a status leads to.</summary>
    public static int CodeOf(WorkflowStatus status) => status == WorkflowStatus.Completed ? ExitCode.Done : ExitCode.RunFailed;
}
