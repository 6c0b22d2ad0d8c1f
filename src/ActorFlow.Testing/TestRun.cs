using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Explaining;
using ActorFlow.Testing.Workflows;

namespace ActorFlow.Testing;

/// <summary>One run in a <see cref="WorkflowTestHost"/>: it looks the run up each time, so it can be used after a crash.</summary>
public sealed class TestRun
{
    private readonly WorkflowTestHost _host;

    internal TestRun(WorkflowTestHost host, string id) => (_host, Id) = (host, id);

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>The definition that it runs.</summary>
    public DefinitionReference Definition => Open?.Definition ?? Closed!.Definition;

    /// <summary>The input that it was started with.</summary>
    public Payload Input => Open?.Input ?? Closed!.Input;

    /// <summary>Its status.</summary>
    public WorkflowStatus Status => (Open, Closed?.Outcome) switch
    {
        ({ IsPaused: true }, _) => WorkflowStatus.Paused,
        ({ IsWaiting: true }, _) => WorkflowStatus.Waiting,
        (not null, _) => WorkflowStatus.Running,
        (_, { } outcome) => outcome.ToStatus(),
        _ => throw new InvalidOperationException($"The run '{Id}' has not been started."),
    };

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => Closed is not null;

    /// <summary>Its result; the payload <c>null</c> unless it completed.</summary>
    public Payload Output => Closed?.Output ?? Payload.Null;

    /// <summary>Why it failed; null unless it did.</summary>
    public TaskError? Error => Closed?.Error;

    /// <summary>Why it was cancelled or terminated; null unless it was.</summary>
    public string? Reason => Closed?.Reason;

    /// <summary>The tasks that made it fail, and compensations that failed, in order; empty before it has ended.</summary>
    public ImmutableList<FailedTask> Failures => Closed?.Failures ?? [];

    /// <summary>When it started, in virtual time.</summary>
    public DateTimeOffset StartedAt => Open?.StartedAt ?? Closed!.StartedAt;

    /// <summary>When it ended, in virtual time; null means that it has not.</summary>
    public DateTimeOffset? ClosedAt => Closed?.ClosedAt;

    /// <summary>How long it took, in virtual time, or has taken so far.</summary>
    public TimeSpan Took => (ClosedAt ?? _host.Clock.GetUtcNow()) - StartedAt;

    /// <summary>All its events, in order, read from the journal, as <see cref="IWorkflowClient"/> gives them.</summary>
    public IReadOnlyList<HistoryEvent> History => [.. Live.History()];

    /// <summary>What it does and waits for, as <see cref="IWorkflowClient.DescribeAsync"/> tells it, in virtual time.</summary>
    public WorkflowDescription Describe()
    {
        var missing = _host.Node.Unserved.Where(attempt => attempt.WorkflowId == Id).ToDictionary(
            attempt => attempt.Order.Path, attempt => new AttemptPlace(attempt.Order.Attempt) { IsOffered = false }, StringComparer.Ordinal);
        return RunDescriber.WithPlaces(RunDescriber.Describe(Live.Plan, Open?.ToImage() ?? Closed!.ToImage(), Result), missing.GetValueOrDefault);
    }

    /// <summary>How it ended; null means that it has not.</summary>
    public WorkflowResult? Result => Closed is { } closed
        ? new()
        {
            Id = Id,
            Definition = closed.Definition,
            Status = closed.Outcome.ToStatus(),
            Output = closed.Outcome == RunOutcome.Completed ? closed.Output : null,
            Failure = closed.Error,
            Reason = closed.Reason,
            Failures = [.. closed.Failures],
            StartedAt = closed.StartedAt,
            ClosedAt = closed.ClosedAt,
        }
        : null;

    /// <summary>
    /// Its tasks by path, elements of fan-outs and tasks of groups included. A task of the run's own graph is included from the start; one of
    /// a group, once the group has begun.
    /// </summary>
    public IReadOnlyDictionary<string, TestTask> Tasks => TaskBoard.Of(Live);

    /// <summary>The questions that wait for an answer.</summary>
    public IReadOnlyList<OpenQuestion> Questions => [.. Open?.Questions ?? []];

    /// <summary>Descriptions of what it waits for; empty means nothing.</summary>
    public IReadOnlyList<string> WaitingFor => Waits.Of(Live, _host.Node);

    /// <summary>The checkpoints that are kept, oldest first.</summary>
    public IReadOnlyList<TestCheckpoint> Checkpoints => [.. Live.Journal.Checkpoints.Select(CheckpointOf)];

    /// <summary>The runs that it is the parent of, in the order in which they started.</summary>
    public IReadOnlyList<TestRun> Children =>
        [.. _host.Runs.Where(run => run.Parent?.WorkflowId == Id)];

    /// <summary>Its result as a .NET object, by System.Text.Json's web conventions.</summary>
    /// <exception cref="System.Text.Json.JsonException">The result does not fit <typeparamref name="T"/>.</exception>
    public T? OutputAs<T>() => Output.To<T>();

    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {Status.ToWord()}{(Error is null ? "" : $", {Error.Type}: {Error.Message}")}";

    internal IReadOnlyList<RunEvent> Events => [.. RunEvents.Of(Live)];

    internal ParentLink? Parent => Open?.Parent ?? Closed?.Parent;

    internal LiveRun Live => _host.Node.Find(Id)
        ?? throw WorkflowRefusedException.Of("workflow-not-found", $"There is no workflow run '{Id}'.");

    private WorkflowState.Open? Open => Live.State as WorkflowState.Open;

    private WorkflowState.Closed? Closed => Live.State as WorkflowState.Closed;

    private TestCheckpoint CheckpointOf(long sequence) => new(
        sequence,
        Live.Journal.Read(sequence).At,
        [.. Live.Named.Where(named => named.Sequence == sequence).Select(named => named.Name)]);

    // Commands to a run

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

    private WorkflowRefusedException NoCheckpoint(string checkpoint) => WorkflowRefusedException.Of(
        "checkpoint-not-found",
        $"The workflow run '{Id}' has no checkpoint '{checkpoint}'. There are: {string.Join(", ", Checkpoints.Select(kept => kept.Names.Count == 0 ? $"{kept.Sequence}" : string.Join(", ", kept.Names)))}.");
}

/// <summary>A checkpoint of a run.</summary>
/// <param name="Sequence">The sequence number of the commit after which it was taken.</param>
/// <param name="At">The time of that commit.</param>
/// <param name="Names">Its names; empty means that the policy took it.</param>
public sealed record TestCheckpoint(long Sequence, DateTimeOffset At, IReadOnlyList<string> Names);
