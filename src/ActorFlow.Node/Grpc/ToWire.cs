using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ActorFlow.Node.Grpc;

/// <summary>The types of the client contract as messages of the wire contract.</summary>
internal static class ToWire
{
    public static V1.Workflow Of(WorkflowDescription run)
    {
        var message = new V1.Workflow
        {
            Id = run.Id,
            RunId = Of(run.RunId),
            Definition = Of(run.Definition),
            Status = Of(run.Status),
            Generation = run.Generation,
            Input = Of(run.Input),
            StartedAt = Of(run.StartedAt),
            UpdatedAt = Of(run.UpdatedAt),
            Result = run.Result is { } result ? Of(result) : null,
            ForkedFrom = run.ForkedFrom is { } fork ? new() { Id = fork.Id, Checkpoint = fork.Checkpoint } : null,
            OnlyWaits = run.OnlyWaits,
            Progress = new() { Tasks = run.Progress.Tasks, Settled = run.Progress.Settled, Outstanding = run.Progress.Outstanding },
            NextDue = Of(run.NextDue),
            BeginsAt = Of(run.BeginsAt),
        };
        message.Tags.Add(run.Tags);
        message.Tasks.AddRange(run.Tasks.Select(Of));
        message.Waits.AddRange(run.Waits.Select(Of));
        message.Questions.AddRange(run.Questions.Select(Of));
        message.Signals.AddRange(run.Signals.Select(signal => new V1.PendingSignal { Name = signal.Name, Payload = Of(signal.Payload) }));
        message.Failures.AddRange(run.Failures.Select(Of));
        message.ToUndo.AddRange(run.ToUndo);
        if (run.Parent is { } parent)
        {
            message.Parent = parent;
        }

        if (run.Stopping is { } stopping)
        {
            message.Stopping = stopping;
        }

        if (run.Checkpoint is { } checkpoint)
        {
            message.Checkpoint = checkpoint;
        }

        if (run.CheckpointFailure is { } failure)
        {
            message.CheckpointFailure = failure;
        }

        return message;
    }

    public static V1.WorkflowResult Of(WorkflowResult result)
    {
        var message = new V1.WorkflowResult
        {
            Id = result.Id,
            Definition = Of(result.Definition),
            Status = Of(result.Status),
            Failure = result.Failure is { } failure ? Of(failure) : null,
            StartedAt = Of(result.StartedAt),
            ClosedAt = Of(result.ClosedAt),
        };
        message.Failures.AddRange(result.Failures.Select(Of));
        if (result.Output is { } output)
        {
            message.Output = Of(output);
        }

        if (result.Reason is { } reason)
        {
            message.Reason = reason;
        }

        return message;
    }

    public static V1.WorkflowSummary Of(WorkflowSummary run)
    {
        var message = new V1.WorkflowSummary
        {
            Id = run.Id,
            RunId = Of(run.RunId),
            Definition = run.Definition,
            Version = run.Version,
            Status = Of(run.Status),
            StartedAt = Of(run.StartedAt),
            UpdatedAt = Of(run.UpdatedAt),
            ClosedAt = Of(run.ClosedAt),
            Failure = run.Failure is { } failure ? new() { Type = failure.Type, Message = failure.Message } : null,
        };
        message.Tags.Add(run.Tags);
        if (run.Parent is { } parent)
        {
            message.Parent = parent;
        }

        return message;
    }

    public static V1.HistoryEvent Of(HistoryEvent item)
    {
        var message = new V1.HistoryEvent { Token = item.Token.ToString(), At = Of(item.At), Event = item.Event, Text = item.Text, Until = Of(item.Until) };
        if (item.Task is { } task)
        {
            message.Task = task;
        }

        if (item.Title is { } title)
        {
            message.Title = title;
        }

        if (item.Attempt is { } attempt)
        {
            message.Attempt = attempt;
        }

        if (item.Value is { } value)
        {
            message.Value = Of(value);
        }

        return message;
    }

    public static V1.WorkflowChange Of(WorkflowChange change) => new() { Workflow = Of(change.Workflow), Dropped = change.Dropped };

    public static V1.CheckpointSummary Of(CheckpointSummary checkpoint)
    {
        var message = new V1.CheckpointSummary { Sequence = checkpoint.Sequence, At = Of(checkpoint.At), Bytes = checkpoint.Bytes };
        if (checkpoint.Name is { } name)
        {
            message.Name = name;
        }

        return message;
    }

    public static V1.RegisteredDefinition Of(RegisteredDefinition definition) => new()
    {
        Name = definition.Name,
        Version = definition.Version,
        Hash = definition.Hash,
        Registered = Of(definition.Registered),
    };

    public static V1.DefinitionProblem Of(DefinitionProblem problem)
    {
        var message = new V1.DefinitionProblem
        {
            Line = problem.Position?.Line ?? 0,
            Column = problem.Position?.Column ?? 0,
            Code = problem.Code,
            Message = problem.Message,
            Warning = problem.IsWarning,
        };
        if (problem.Path is { } path)
        {
            message.Path = path;
        }

        return message;
    }

    public static IEnumerable<V1.StatusCount> Of(IReadOnlyDictionary<WorkflowStatus, long> counts) =>
        counts.OrderBy(count => count.Key).Select(count => new V1.StatusCount { Status = Of(count.Key), Count = count.Value });

    // The numbers on the wire are promises of their own.
    public static V1.WorkflowStatus Of(WorkflowStatus status) => status switch
    {
        WorkflowStatus.Running => V1.WorkflowStatus.Running,
        WorkflowStatus.Paused => V1.WorkflowStatus.Paused,
        WorkflowStatus.Waiting => V1.WorkflowStatus.Waiting,
        WorkflowStatus.Completed => V1.WorkflowStatus.Completed,
        WorkflowStatus.Failed => V1.WorkflowStatus.Failed,
        WorkflowStatus.Cancelled => V1.WorkflowStatus.Cancelled,
        WorkflowStatus.Terminated => V1.WorkflowStatus.Terminated,
        WorkflowStatus.Stuck => V1.WorkflowStatus.Stuck,
        _ => V1.WorkflowStatus.Unspecified,
    };

    public static string Of(Guid id) => id.ToString("n");

    public static Timestamp Of(DateTimeOffset time) => Timestamp.FromDateTimeOffset(time);

    private static Timestamp? Of(DateTimeOffset? time) => time is { } at ? Of(at) : null;

    // What a payload holds never changes.
    private static ByteString Of(Payload payload) => UnsafeByteOperations.UnsafeWrap(payload.Utf8);

    private static V1.DefinitionReference Of(DefinitionReference definition) =>
        new() { Name = definition.Name, Version = definition.Version, Hash = definition.Hash };

    private static V1.FailedTask Of(FailedTask task) =>
        new() { Path = task.Path, Type = task.Type, Message = task.Message, Attempts = task.Attempts };

    private static V1.TaskError Of(TaskError error)
    {
        var message = new V1.TaskError { Type = error.Type, Message = error.Message, Task = error.Task };
        message.Failures.AddRange(error.Failures.Select(
            failure => new V1.ElementFailure { Index = failure.Index, Type = failure.Type, Message = failure.Message }));
        return message;
    }

    private static V1.Task Of(TaskDescription task)
    {
        var message = new V1.Task
        {
            Path = task.Path,
            Kind = task.Kind,
            Phase = Of(task.Phase),
            Attempts = task.Attempts,
            Error = task.Error is { } error ? Of(error) : null,
            Wait = Of(task.Wait),
            Since = Of(task.Since),
            Until = Of(task.Until),
            SettledElements = task.SettledElements,
            Attempt = task.Attempt,
            MaxAttempts = task.MaxAttempts,
        };
        if (task.Worker is { } worker)
        {
            message.Worker = worker;
        }

        if (task.Title is { } title)
        {
            message.Title = title;
        }

        if (task.Output is { } output)
        {
            message.Output = Of(output);
        }

        if (task.WaitsFor is { } waitsFor)
        {
            message.WaitsFor = waitsFor;
        }

        if (task.Elements is { } elements)
        {
            message.Elements = elements;
        }

        return message;
    }

    public static V1.Explanation Of(WorkflowExplanation explanation)
    {
        var message = new V1.Explanation { Id = explanation.Id, Status = Of(explanation.Status), Summary = explanation.Summary };
        message.Reasons.AddRange(explanation.Reasons.Select(Of));
        return message;
    }

    private static V1.Reason Of(WorkflowReason reason)
    {
        var message = new V1.Reason { Kind = Of(reason.Kind), Text = reason.Text, Since = Of(reason.Since), Until = Of(reason.Until) };
        if (reason.Task is { } task)
        {
            message.Task = task;
        }

        if (reason.Command is { } command)
        {
            message.Command = command;
        }

        return message;
    }

    private static V1.Wait Of(WaitDescription wait)
    {
        var message = new V1.Wait { Task = wait.Task, Kind = Of(wait.Kind), Since = Of(wait.Since), Until = Of(wait.Until) };
        if (wait.Detail is { } detail)
        {
            message.Detail = detail;
        }

        return message;
    }

    private static V1.Question Of(OpenQuestion question)
    {
        var message = new V1.Question
        {
            Task = question.Task,
            Title = question.Title,
            Kind = Of(question.Kind),
            Prompt = question.Prompt,
            TimeoutAt = Of(question.TimeoutAt),
        };
        if (question.Options is { } options)
        {
            message.Options = Of(options);
        }

        if (question.Assignees is { } assignees)
        {
            message.Assignees = Of(assignees);
        }

        return message;
    }

    private static V1.TaskPhase Of(TaskPhase phase) => phase switch
    {
        TaskPhase.Pending => V1.TaskPhase.Pending,
        TaskPhase.Running => V1.TaskPhase.Running,
        TaskPhase.Completed => V1.TaskPhase.Completed,
        TaskPhase.Failed => V1.TaskPhase.Failed,
        TaskPhase.Skipped => V1.TaskPhase.Skipped,
        TaskPhase.Cancelled => V1.TaskPhase.Cancelled,
        _ => V1.TaskPhase.Unspecified,
    };

    private static V1.TaskWait Of(TaskWait wait) => wait switch
    {
        TaskWait.Place => V1.TaskWait.Place,
        TaskWait.Worker => V1.TaskWait.Worker,
        TaskWait.Retry => V1.TaskWait.Retry,
        TaskWait.Iteration => V1.TaskWait.Iteration,
        TaskWait.Delay => V1.TaskWait.Delay,
        TaskWait.Signal => V1.TaskWait.Signal,
        TaskWait.Answer => V1.TaskWait.Answer,
        TaskWait.Child => V1.TaskWait.Child,
        _ => V1.TaskWait.None,
    };

    private static V1.WaitKind Of(WaitKind kind) => kind switch
    {
        WaitKind.Signal => V1.WaitKind.Signal,
        WaitKind.Answer => V1.WaitKind.Answer,
        WaitKind.Delay => V1.WaitKind.Delay,
        WaitKind.Retry => V1.WaitKind.Retry,
        WaitKind.Child => V1.WaitKind.Child,
        WaitKind.Slot => V1.WaitKind.Slot,
        WaitKind.Worker => V1.WaitKind.Worker,
        _ => V1.WaitKind.Unspecified,
    };

    private static V1.ReasonKind Of(ReasonKind kind) => kind switch
    {
        ReasonKind.Closed => V1.ReasonKind.Closed,
        ReasonKind.Stuck => V1.ReasonKind.Stuck,
        ReasonKind.Store => V1.ReasonKind.Store,
        ReasonKind.Paused => V1.ReasonKind.Paused,
        ReasonKind.Stopping => V1.ReasonKind.Stopping,
        ReasonKind.Poison => V1.ReasonKind.Poison,
        ReasonKind.Worker => V1.ReasonKind.Worker,
        ReasonKind.Slot => V1.ReasonKind.Slot,
        ReasonKind.Retry => V1.ReasonKind.Retry,
        ReasonKind.Answer => V1.ReasonKind.Answer,
        ReasonKind.Signal => V1.ReasonKind.Signal,
        ReasonKind.Child => V1.ReasonKind.Child,
        ReasonKind.Delay => V1.ReasonKind.Delay,
        ReasonKind.Running => V1.ReasonKind.Running,
        _ => V1.ReasonKind.Unspecified,
    };

    private static V1.QuestionKind Of(AskKind kind) => kind switch
    {
        AskKind.Approval => V1.QuestionKind.Approval,
        AskKind.Choice => V1.QuestionKind.Choice,
        AskKind.Rating => V1.QuestionKind.Rating,
        AskKind.Text => V1.QuestionKind.Text,
        AskKind.Feedback => V1.QuestionKind.Feedback,
        AskKind.Review => V1.QuestionKind.Review,
        AskKind.Validation => V1.QuestionKind.Validation,
        _ => V1.QuestionKind.Unspecified,
    };
}
