using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;

namespace ActorFlow.Client.Mapping;

/// <summary>Messages of the wire contract as the types of the client contract. What a node of our own sends is trusted to be JSON.</summary>
internal static class FromWire
{
    // A definition over the wire has no file; nodes name it so as well.
    private const string FileName = "definition";

    public static WorkflowDescription Of(V1.Workflow run) => new()
    {
        Id = run.Id,
        RunId = RunId(run.RunId),
        Definition = Of(run.Definition),
        Status = Of(run.Status),
        Generation = run.Generation,
        Input = Json(run.Input, Payload.EmptyObject),
        StartedAt = Required(run.StartedAt),
        UpdatedAt = Required(run.UpdatedAt),
        Result = run.Result is { } result ? Of(result) : null,
        Parent = run.HasParent ? run.Parent : null,
        ForkedFrom = run.ForkedFrom is { } fork ? new(fork.Id, fork.Checkpoint) : null,
        Tags = Tags(run.Tags),
        Stopping = run.HasStopping ? run.Stopping : null,
        OnlyWaits = run.OnlyWaits,
        Progress = run.Progress is { } progress ? new(progress.Tasks, progress.Settled, progress.Outstanding) : default,
        NextDue = At(run.NextDue),
        BeginsAt = At(run.BeginsAt),
        Tasks = [.. run.Tasks.Select(Of)],
        Waits = [.. run.Waits.Select(Of)],
        Questions = [.. run.Questions.Select(Of)],
        Signals = [.. run.Signals.Select(signal => new PendingSignal(signal.Name, Json(signal.Payload, Payload.Null)))],
        Failures = [.. run.Failures.Select(Of)],
        ToUndo = [.. run.ToUndo],
        Checkpoint = run.HasCheckpoint ? run.Checkpoint : null,
        CheckpointFailure = run.HasCheckpointFailure ? run.CheckpointFailure : null,
    };

    public static WorkflowResult Of(V1.WorkflowResult result) => new()
    {
        Id = result.Id,
        Definition = Of(result.Definition),
        Status = Of(result.Status),
        Output = result.HasOutput ? Json(result.Output, Payload.Null) : null,
        Failure = result.Failure is { } failure ? Of(failure) : null,
        Reason = result.HasReason ? result.Reason : null,
        Failures = [.. result.Failures.Select(Of)],
        StartedAt = Required(result.StartedAt),
        ClosedAt = Required(result.ClosedAt),
    };

    public static WorkflowSummary Of(V1.WorkflowSummary run) => new()
    {
        Id = run.Id,
        RunId = RunId(run.RunId),
        Definition = run.Definition,
        Version = run.Version,
        Status = Of(run.Status),
        StartedAt = Required(run.StartedAt),
        UpdatedAt = Required(run.UpdatedAt),
        ClosedAt = At(run.ClosedAt),
        Parent = run.HasParent ? run.Parent : null,
        Tags = Tags(run.Tags),
        Failure = run.Failure is { } failure ? new(failure.Type, failure.Message) : null,
    };

    public static WorkflowPage Of(V1.ListWorkflowsResponse page) =>
        new([.. page.Items.Select(Of)], page.Next.Length == 0 ? null : page.Next) { AsOf = Required(page.AsOf) };

    public static StartedWorkflow Of(V1.StartWorkflowResponse started) => new(RunId(started.RunId), started.Definition, started.Version, started.Created);

    public static HistoryPage Of(V1.GetHistoryResponse page) => new([.. page.Items.Select(Of)], Place(page.Next), page.Last);

    public static HistoryEvent Of(V1.HistoryEvent item) => new(Required(item.At), item.Event, item.Text)
    {
        Token = Place(item.Token),
        Task = item.HasTask ? item.Task : null,
        Title = item.HasTitle ? item.Title : null,
        Attempt = item.HasAttempt ? item.Attempt : null,
        Until = At(item.Until),
        Value = item.HasValue ? Json(item.Value, Payload.Null) : null,
    };

    public static WorkflowChange Of(V1.WorkflowChange change) => new(Of(change.Workflow), change.Dropped);

    public static CheckpointSummary Of(V1.CheckpointSummary checkpoint) =>
        new(checkpoint.Sequence, checkpoint.HasName ? checkpoint.Name : null, Required(checkpoint.At), checkpoint.Bytes);

    public static IReadOnlyDictionary<WorkflowStatus, long> Of(V1.CountWorkflowsResponse counts) =>
        counts.Counts.ToDictionary(count => Of(count.Status), count => count.Count);

    public static RegisteredDefinition Of(V1.RegisteredDefinition definition) =>
        new(definition.Name, definition.Version, definition.Hash, Required(definition.Registered));

    public static DefinitionContent Of(V1.Definition definition) =>
        new(new(definition.Name, definition.Version, definition.Hash), Json(definition.Content, Payload.Null));

    public static DefinitionProblem Of(V1.DefinitionProblem problem) => new(problem.Code, problem.Message)
    {
        Path = problem.HasPath ? problem.Path : null,
        File = problem.Line > 0 ? FileName : null,
        Position = problem.Line > 0 ? new(problem.Line, problem.Column) : null,
        IsWarning = problem.Warning,
    };

    public static WorkflowStatus Of(V1.WorkflowStatus status) => status switch
    {
        V1.WorkflowStatus.Running => WorkflowStatus.Running,
        V1.WorkflowStatus.Paused => WorkflowStatus.Paused,
        V1.WorkflowStatus.Waiting => WorkflowStatus.Waiting,
        V1.WorkflowStatus.Completed => WorkflowStatus.Completed,
        V1.WorkflowStatus.Failed => WorkflowStatus.Failed,
        V1.WorkflowStatus.Cancelled => WorkflowStatus.Cancelled,
        V1.WorkflowStatus.Terminated => WorkflowStatus.Terminated,
        V1.WorkflowStatus.Stuck => WorkflowStatus.Stuck,
        _ => throw Unknown("status", (int)status),
    };

    private static TaskDescription Of(V1.Task task) => new()
    {
        Path = task.Path,
        Title = task.HasTitle ? task.Title : null,
        Kind = task.Kind,
        Phase = Of(task.Phase),
        Attempts = task.Attempts,
        Output = task.HasOutput ? Json(task.Output, Payload.Null) : null,
        Error = task.Error is { } error ? Of(error) : null,
        Wait = Of(task.Wait),
        WaitsFor = task.HasWaitsFor ? task.WaitsFor : null,
        Since = At(task.Since),
        Until = At(task.Until),
        Elements = task.HasElements ? task.Elements : null,
        SettledElements = task.SettledElements,
        Attempt = task.Attempt,
        MaxAttempts = task.MaxAttempts,
        Worker = task.HasWorker ? task.Worker : null,
    };

    public static WorkflowExplanation Of(V1.Explanation explanation) =>
        new(explanation.Id, Of(explanation.Status), explanation.Summary, [.. explanation.Reasons.Select(Of)]);

    private static WorkflowReason Of(V1.Reason reason) => new(
        Of(reason.Kind), reason.HasTask ? reason.Task : null, reason.Text, At(reason.Since), At(reason.Until), reason.HasCommand ? reason.Command : null);

    private static WaitDescription Of(V1.Wait wait) =>
        new(wait.Task, Of(wait.Kind), At(wait.Since), At(wait.Until), wait.HasDetail ? wait.Detail : null);

    private static OpenQuestion Of(V1.Question question) => new(
        question.Task,
        question.Title,
        Of(question.Kind),
        question.Prompt,
        question.HasOptions ? Json(question.Options, Payload.Null) : null,
        question.HasAssignees ? Json(question.Assignees, Payload.Null) : null,
        At(question.TimeoutAt));

    private static FailedTask Of(V1.FailedTask task) => new(task.Path, task.Type, task.Message, task.Attempts);

    private static TaskError Of(V1.TaskError error) => new(error.Type, error.Message, error.Task)
    {
        Failures = [.. error.Failures.Select(failure => new ElementFailure(failure.Index, failure.Type, failure.Message))],
    };

    private static DefinitionReference Of(V1.DefinitionReference? definition) =>
        definition is null ? throw Malformed("no definition") : new(definition.Name, definition.Version, definition.Hash);

    private static TaskPhase Of(V1.TaskPhase phase) => phase switch
    {
        V1.TaskPhase.Pending => TaskPhase.Pending,
        V1.TaskPhase.Running => TaskPhase.Running,
        V1.TaskPhase.Completed => TaskPhase.Completed,
        V1.TaskPhase.Failed => TaskPhase.Failed,
        V1.TaskPhase.Skipped => TaskPhase.Skipped,
        V1.TaskPhase.Cancelled => TaskPhase.Cancelled,
        _ => throw Unknown("phase of a task", (int)phase),
    };

    private static TaskWait Of(V1.TaskWait wait) => wait switch
    {
        V1.TaskWait.None => TaskWait.None,
        V1.TaskWait.Place => TaskWait.Place,
        V1.TaskWait.Worker => TaskWait.Worker,
        V1.TaskWait.Retry => TaskWait.Retry,
        V1.TaskWait.Iteration => TaskWait.Iteration,
        V1.TaskWait.Delay => TaskWait.Delay,
        V1.TaskWait.Signal => TaskWait.Signal,
        V1.TaskWait.Answer => TaskWait.Answer,
        V1.TaskWait.Child => TaskWait.Child,
        _ => throw Unknown("wait of a task", (int)wait),
    };

    private static WaitKind Of(V1.WaitKind kind) => kind switch
    {
        V1.WaitKind.Signal => WaitKind.Signal,
        V1.WaitKind.Answer => WaitKind.Answer,
        V1.WaitKind.Delay => WaitKind.Delay,
        V1.WaitKind.Retry => WaitKind.Retry,
        V1.WaitKind.Child => WaitKind.Child,
        V1.WaitKind.Slot => WaitKind.Slot,
        V1.WaitKind.Worker => WaitKind.Worker,
        _ => throw Unknown("kind of a wait", (int)kind),
    };

    private static ReasonKind Of(V1.ReasonKind kind) => kind switch
    {
        V1.ReasonKind.Closed => ReasonKind.Closed,
        V1.ReasonKind.Stuck => ReasonKind.Stuck,
        V1.ReasonKind.Store => ReasonKind.Store,
        V1.ReasonKind.Paused => ReasonKind.Paused,
        V1.ReasonKind.Stopping => ReasonKind.Stopping,
        V1.ReasonKind.Poison => ReasonKind.Poison,
        V1.ReasonKind.Worker => ReasonKind.Worker,
        V1.ReasonKind.Slot => ReasonKind.Slot,
        V1.ReasonKind.Retry => ReasonKind.Retry,
        V1.ReasonKind.Answer => ReasonKind.Answer,
        V1.ReasonKind.Signal => ReasonKind.Signal,
        V1.ReasonKind.Child => ReasonKind.Child,
        V1.ReasonKind.Delay => ReasonKind.Delay,
        V1.ReasonKind.Running => ReasonKind.Running,
        _ => throw Unknown("kind of a reason", (int)kind),
    };

    private static AskKind Of(V1.QuestionKind kind) => kind switch
    {
        V1.QuestionKind.Approval => AskKind.Approval,
        V1.QuestionKind.Choice => AskKind.Choice,
        V1.QuestionKind.Rating => AskKind.Rating,
        V1.QuestionKind.Text => AskKind.Text,
        V1.QuestionKind.Feedback => AskKind.Feedback,
        V1.QuestionKind.Review => AskKind.Review,
        V1.QuestionKind.Validation => AskKind.Validation,
        _ => throw Unknown("kind of a question", (int)kind),
    };

    // The bytes of a message that was read belong to nobody else.
    private static Payload Json(ByteString bytes, Payload empty) => bytes.IsEmpty ? empty : Payload.FromTrustedUtf8(bytes.Memory);

    private static ImmutableSortedDictionary<string, string> Tags(MapField<string, string> tags) => tags.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static DateTimeOffset? At(Timestamp? time) => time is null ? null : Required(time);

    private static DateTimeOffset Required(Timestamp? time)
    {
        try
        {
            return time?.ToDateTimeOffset() ?? throw Malformed("no time");
        }
        catch (InvalidOperationException wrong)
        {
            throw Malformed("no time", wrong);
        }
    }

    private static Guid RunId(string text) => Guid.TryParseExact(text, "n", out var id) ? id : throw Malformed("no id of a run");

    private static HistoryToken Place(string text) =>
        text.Length == 0 ? HistoryToken.Start
        : HistoryToken.TryParse(text, out var place) ? place
        : throw Malformed("no place of a history");

    private static WorkflowRefusedException Unknown(string what, int number) =>
        WorkflowRefusedException.Of("internal", $"The node answered with {what} {number}, which this version of the client does not know.");

    private static WorkflowRefusedException Malformed(string what, Exception? cause = null) =>
        WorkflowRefusedException.Of("internal", $"The node answered with {what} where one belongs.", cause);
}
