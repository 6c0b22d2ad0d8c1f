using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Testing;

/// <summary>
/// Commands to a run. Each returns when the command is durable and everything that it leads to at this virtual time is
/// done; each throws <see cref="WorkflowRefusedException"/> with a stable code if the run refuses it.
/// </summary>
public sealed partial class TestRun
{
    /// <summary>Sends a signal.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="payload">Its payload: a value that becomes JSON.</param>
    /// <exception cref="WorkflowRefusedException"><c>signal-not-found</c>, <c>invalid-payload</c>, <c>closed</c>, <c>payload-too-large</c>, <c>limit-exceeded</c>.</exception>
    public Task SignalAsync(string name, object? payload = null) =>
        _host.SayAsync(new WorkflowCommand.Signal(Id, _host.Node.NewId(), name, WorkflowTestHost.PayloadOf(payload)));

    /// <summary>Answers a question.</summary>
    /// <param name="task">The path of the task that asks.</param>
    /// <param name="value">The answer: a value that becomes JSON.</param>
    /// <param name="by">Who answers; null means that this is not given.</param>
    /// <param name="comment">A comment on the answer; null means that there is none.</param>
    /// <exception cref="WorkflowRefusedException"><c>invalid-answer</c>, <c>not-waiting</c>, <c>task-not-found</c>, <c>closed</c>.</exception>
    public Task AnswerAsync(string task, object? value, string? by = null, string? comment = null) =>
        _host.SayAsync(new WorkflowCommand.Answer(Id, _host.Node.NewId(), task, WorkflowTestHost.PayloadOf(value), by, comment));

    /// <summary>Pauses the run: nothing new starts until it is resumed; what runs continues.</summary>
    /// <exception cref="WorkflowRefusedException"><c>closed</c>, <c>rewinding</c>.</exception>
    public Task PauseAsync() => _host.SayAsync(new WorkflowCommand.Pause(Id, _host.Node.NewId()));

    /// <summary>Ends a pause.</summary>
    /// <exception cref="WorkflowRefusedException"><c>not-paused</c>, <c>closed</c>.</exception>
    public Task ResumeAsync() => _host.SayAsync(new WorkflowCommand.Resume(Id, _host.Node.NewId()));

    /// <summary>Ends the run in good order: what runs is cancelled, and compensated where the definition says so.</summary>
    /// <exception cref="WorkflowRefusedException"><c>closed</c>, <c>rewinding</c>.</exception>
    public Task CancelAsync(string reason = "The test cancelled it.") =>
        _host.SayAsync(new WorkflowCommand.Cancel(Id, _host.Node.NewId(), reason));

    /// <summary>Ends the run at once.</summary>
    /// <exception cref="WorkflowRefusedException"><c>closed</c>.</exception>
    public Task TerminateAsync(string reason = "The test terminated it.") =>
        _host.SayAsync(new WorkflowCommand.Terminate(Id, _host.Node.NewId(), reason));

    /// <summary>Opens the run again after its end.</summary>
    /// <param name="from">The task from which tasks run again; null means that a failed run continues from its failed tasks.</param>
    /// <exception cref="WorkflowRefusedException"><c>not-closed</c>, <c>not-failed</c>, <c>terminated</c>, <c>consumed</c>, <c>compensated</c>, <c>task-not-found</c>.</exception>
    public Task RetryAsync(string? from = null) =>
        _host.SayAsync(new WorkflowCommand.Retry(Id, _host.Node.NewId(), from) { LeftBy = _host.Node.WhoLeft(Live) });

    /// <summary>Takes a checkpoint under a name.</summary>
    /// <exception cref="WorkflowRefusedException"><c>bad-name</c>, <c>closed</c>, <c>rewinding</c>.</exception>
    public Task CheckpointAsync(string name) => _host.SayAsync(new WorkflowCommand.TakeCheckpoint(Id, _host.Node.NewId(), name));

    /// <summary>Takes the run back to the newest checkpoint of a name: tasks with <c>checkpoint: true</c> take one under their path.</summary>
    /// <exception cref="WorkflowRefusedException"><c>checkpoint-not-found</c>, <c>compensated</c>, <c>consumed</c>, <c>rewinding</c>.</exception>
    public Task RewindAsync(string checkpoint) => RewindAsync(SequenceOf(checkpoint));

    /// <summary>Takes the run back to its state after a commit, whether or not a checkpoint was taken there.</summary>
    /// <exception cref="WorkflowRefusedException"><c>checkpoint-not-found</c>, <c>compensated</c>, <c>consumed</c>, <c>rewinding</c>.</exception>
    /// <param name="commit">The sequence number of the commit.</param>
    public Task RewindAsync(long commit) =>
        _host.SayAsync(new WorkflowCommand.Rewind(Id, _host.Node.NewId(), commit, ImageAt(commit)) { LeftBy = _host.Node.WhoLeft(Live) });

    /// <summary>Starts another run from the newest checkpoint of a name; this one stays as it is.</summary>
    /// <param name="checkpoint">The name.</param>
    /// <param name="input">Another input; null means the input of this run.</param>
    /// <param name="id">The id of the new run; null means a generated one.</param>
    /// <exception cref="WorkflowRefusedException"><c>checkpoint-not-found</c>, <c>compensated</c>, <c>invalid-input</c>, <c>id-conflict</c>.</exception>
    public Task<TestRun> ForkAsync(string checkpoint, object? input = null, string? id = null) => ForkAsync(SequenceOf(checkpoint), input, id);

    /// <summary>Starts another run from the state of this one after a commit, whether or not a checkpoint was taken there.</summary>
    /// <exception cref="WorkflowRefusedException"><c>checkpoint-not-found</c>, <c>compensated</c>, <c>invalid-input</c>, <c>id-conflict</c>.</exception>
    /// <param name="commit">The sequence number of the commit.</param>
    /// <param name="input">Another input; null means the input of this run.</param>
    /// <param name="id">The id of the new run; null means a generated one.</param>
    public async Task<TestRun> ForkAsync(long commit, object? input = null, string? id = null)
    {
        var image = ImageAt(commit);
        var start = new WorkflowCommand.Start(
            id ?? _host.NextId(image.Definition.Name),
            _host.Node.NewId(),
            _host.Node.NewId(),
            image.Definition,
            input is null ? image.Input : WorkflowTestHost.PayloadOf(input))
        {
            Origin = new(Id, image.RunId, commit),
            Image = image,
            Companions = image.Companions,
            Directory = image.Directory,
            Tags = image.Tags,
        };
        await _host.SayAsync(start).ConfigureAwait(false);
        return _host.Run(start.WorkflowId);
    }

    /// <summary>Lets virtual time pass until the run has ended.</summary>
    /// <param name="within">The most virtual time; null means ten years.</param>
    /// <returns>This run.</returns>
    /// <exception cref="WorkflowWaitsException">The run waits for something else than time; the message names it.</exception>
    public async Task<TestRun> EndAsync(TimeSpan? within = null)
    {
        await _host.EndAsync(this, within ?? TimeSpan.FromDays(3653)).ConfigureAwait(false);
        return this;
    }

    private long SequenceOf(string checkpoint) => Live.Named.LastOrDefault(named => named.Name == checkpoint)?.Sequence
        ?? throw NoCheckpoint(checkpoint);

    private RunImage ImageAt(long checkpoint) => Live.ImageAt(checkpoint) ?? throw NoCheckpoint($"{checkpoint}");

    private WorkflowRefusedException NoCheckpoint(string checkpoint) => new(
        "checkpoint-not-found",
        $"The workflow run '{Id}' has no checkpoint '{checkpoint}'. There are: {string.Join(", ", Checkpoints.Select(kept => kept.Names.Count == 0 ? $"{kept.Sequence}" : string.Join(", ", kept.Names)))}.");
}
