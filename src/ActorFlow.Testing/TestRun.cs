using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Testing.Workflows;

namespace ActorFlow.Testing;

/// <summary>One run in a <see cref="WorkflowTestHost"/>: it looks the run up each time, so it can be used after a crash.</summary>
public sealed partial class TestRun
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
        (_, RunOutcome.Completed) => WorkflowStatus.Completed,
        (_, RunOutcome.Failed) => WorkflowStatus.Failed,
        (_, RunOutcome.Cancelled) => WorkflowStatus.Cancelled,
        _ => WorkflowStatus.Terminated,
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

    /// <summary>All its events, in order, read from the journal.</summary>
    public IReadOnlyList<RunEvent> History => [.. RunHistory.Of(Live)];

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

    internal ParentLink? Parent => Open?.Parent ?? Closed?.Parent;

    internal LiveRun Live => _host.Node.Find(Id)
        ?? throw new WorkflowRefusedException("workflow-not-found", $"There is no workflow run '{Id}'.");

    private WorkflowState.Open? Open => Live.State as WorkflowState.Open;

    private WorkflowState.Closed? Closed => Live.State as WorkflowState.Closed;

    private TestCheckpoint CheckpointOf(long sequence) => new(
        sequence,
        Live.Journal.Read(sequence).At,
        [.. Live.Named.Where(named => named.Sequence == sequence).Select(named => named.Name)]);
}

/// <summary>A checkpoint of a run.</summary>
/// <param name="Sequence">The sequence number of the commit after which it was taken.</param>
/// <param name="At">The time of that commit.</param>
/// <param name="Names">Its names; empty means that the policy took it.</param>
public sealed record TestCheckpoint(long Sequence, DateTimeOffset At, IReadOnlyList<string> Names);
