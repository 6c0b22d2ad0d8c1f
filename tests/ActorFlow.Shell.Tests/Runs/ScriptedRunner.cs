using ActorFlow.Shell.Asking;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Tests.Runs;

/// <summary>A runner that does what a test says, and keeps what it was asked.</summary>
internal sealed class ScriptedRunner : IWorkflowRunner
{
    public Func<RunRequest, IRunProgress, CancellationToken, Task<RunResult>> Script { get; init; } =
        (_, _, _) => Task.FromResult(RunResult.Completed(Payload.Null));

    public List<RunRequest> Requests { get; } = [];

    public string? StoreWriteFailure { get; init; }

    public IReadOnlyCollection<string> Handlers { get; init; } = ["echo", "sleep"];

    public Task<RunResult> RunAsync(RunRequest request, IRunProgress progress, IPrompt people, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        return Script(request, progress, cancellationToken);
    }
}
