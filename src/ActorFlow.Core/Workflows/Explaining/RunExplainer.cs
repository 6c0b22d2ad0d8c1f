using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Workflows.Explaining;

/// <summary>Explains why a run does not move: a rule for each thing that can hold it up, in words, with the command that helps.</summary>
/// <param name="run">The run, with the places of its attempts.</param>
/// <param name="attempts">Its outstanding attempts.</param>
/// <param name="places">Where they stand; those of queues that did not answer are missing.</param>
/// <param name="loads">What their queues do; those that did not answer are missing.</param>
internal sealed class RunExplainer(
    WorkflowDescription run, IEnumerable<OutstandingAttempt> attempts, IEnumerable<AttemptPlace> places, IEnumerable<QueueLoad> loads)
{
    /// <summary>The most reasons that are told: 100.</summary>
    public const int MostReasons = 100;

    private const string Workflow = "workflow";

    private readonly Dictionary<string, OutstandingAttempt> _attempts = attempts.ToDictionary(attempt => attempt.Path, StringComparer.Ordinal);
    private readonly Dictionary<AttemptId, AttemptPlace> _places = places.ToDictionary(place => place.Attempt);
    private readonly Dictionary<string, QueueLoad> _loads = loads.ToDictionary(load => load.Queue, StringComparer.Ordinal);
    private readonly Dictionary<string, OpenQuestion> _questions = run.Questions.ToDictionary(question => question.Task, StringComparer.Ordinal);

    /// <summary>Explains.</summary>
    /// <param name="storeFailure">Why the store cannot write; null means that it can.</param>
    public WorkflowExplanation Explain(string? storeFailure = null)
    {
        if (run.Result is { } result)
        {
            return Closed(result);
        }

        // The order of the kinds is that of how much they tell; within one, the order of the file counts.
        List<WorkflowReason> all = [.. OfRun(storeFailure).Concat(run.Tasks.Select(OfTask).OfType<WorkflowReason>()).OrderBy(reason => reason.Kind)];
        return new(run.Id, run.Status, SummaryOf(all), [.. all.Take(MostReasons)]);
    }

    /// <summary>Explains a run that cannot be read back.</summary>
    /// <param name="id">The run.</param>
    /// <param name="reason">Why it cannot be read, for people.</param>
    public static WorkflowExplanation Stuck(string id, string reason)
    {
        var text = $"It cannot be read back from the store: {OneLine.Of(reason).TrimEnd('.')}.";
        return new(id, WorkflowStatus.Stuck, text, [new(ReasonKind.Stuck, null, text, null, null, CommandLine.Of("actorflow", "db", "check"))]);
    }

    private WorkflowExplanation Closed(WorkflowResult result)
    {
        var text = result.Status switch
        {
            WorkflowStatus.Completed => "It has completed.",
            WorkflowStatus.Failed when result.Failure is { } failure => $"It has failed: {failure.Type}: {Sentence(failure.Message)}",
            var status => $"It has ended: {status.ToWord()}{(result.Reason is { Length: > 0 } reason ? $", because: {Sentence(reason)}" : ".")}",
        };
        var verb = result.Status switch
        {
            WorkflowStatus.Completed => "result",
            WorkflowStatus.Terminated => "fork",
            _ => "retry",
        };
        return new(run.Id, run.Status, text, [new(ReasonKind.Closed, null, text, result.ClosedAt, null, Line(verb))]);
    }

    private IEnumerable<WorkflowReason> OfRun(string? storeFailure)
    {
        if (storeFailure is not null)
        {
            yield return new(
                ReasonKind.Store, null, $"The store cannot write, and keeps trying: {Sentence(storeFailure)} Nothing that is recorded is lost.", null, null, null);
        }

        if (run.Status == WorkflowStatus.Paused)
        {
            yield return new(ReasonKind.Paused, null, "It is paused: nothing new starts.", null, null, Line("resume"));
        }

        if (run.BeginsAt is { } begins)
        {
            yield return new(ReasonKind.Delay, null, "Its start is delayed: no task has begun.", run.StartedAt, begins, null);
        }

        if (run.Stopping is { } stopping)
        {
            yield return new(ReasonKind.Stopping, null, $"It stops ({OneLine.Of(stopping).TrimEnd('.')}), and waits for what still runs or is undone.", null, null, Line("terminate"));
        }
    }

    private WorkflowReason? OfTask(TaskDescription task) => task.Wait switch
    {
        TaskWait.Worker => OfAttempt(task),
        // A paused run says so once.
        TaskWait.Place when run.Status != WorkflowStatus.Paused => Reason(
            task, ReasonKind.Slot, $"{task.Path} is ready, and waits for a place: as many tasks as max-parallel allows are under way."),
        TaskWait.Retry => Reason(
            task, ReasonKind.Retry, $"{task.Path}: attempt {task.Attempt} of {task.MaxAttempts} failed, and the next one is not due yet.", Line("history")),
        TaskWait.Iteration => Reason(task, ReasonKind.Delay, $"{task.Path} waits for its {task.WaitsFor}."),
        TaskWait.Delay => Reason(task, ReasonKind.Delay, $"{task.Path} waits for the end of its delay."),
        TaskWait.Signal => Reason(task, ReasonKind.Signal, $"{task.Path} waits for the signal {task.WaitsFor}.", Line("signal", task.WaitsFor)),
        TaskWait.Answer => Reason(
            task, ReasonKind.Answer, $"{task.Path} waits for a person's answer: {Sentence(task.WaitsFor ?? "")}",
            _questions.TryGetValue(task.Path, out var question) ? Line("answer", task.Path, AnswerText.ExampleOf(question)) : null),
        TaskWait.Child => Reason(
            task, ReasonKind.Child, $"{task.Path} waits for its child {task.WaitsFor}.", CommandLine.Of("actorflow", Workflow, "explain", task.WaitsFor)),
        _ => null,
    };

    private WorkflowReason OfAttempt(TaskDescription task)
    {
        var number = task.MaxAttempts > 1 ? $"attempt {task.Attempt} of {task.MaxAttempts} of {task.WaitsFor}" : task.WaitsFor;
        if (!_attempts.TryGetValue(task.Path, out var attempt))
        {
            return Reason(task, ReasonKind.Running, $"{task.Path}: {number} was withdrawn, and has not ended yet.");
        }

        if (attempt.IsPoison)
        {
            return Reason(
                task, ReasonKind.Poison, $"{task.Path}: {number} was lost {Limits.LossesInARow} times in a row with its worker, and is not offered any more.", Line("cancel"));
        }

        return _places.GetValueOrDefault(attempt.Attempt) switch
        {
            { Worker: { } worker } => Reason(task, ReasonKind.Running, $"{task.Path}: {number} runs on {worker}."),
            { IsOffered: false } place => Reason(task, ReasonKind.Worker, $"{task.Path} waits for a worker of the queue {attempt.Queue} that offers {task.WaitsFor}: {WhoDid(place)}."),
            not null => Reason(task, ReasonKind.Slot, $"{task.Path} waits for a free slot of the queue {attempt.Queue}{WhoHas(attempt.Queue)}."),
            null => Reason(task, ReasonKind.Running, $"{task.Path}: {number} is with the queue {attempt.Queue}, which has not said whether a worker has it."),
        };
    }

    private static string WhoDid(AttemptPlace place) =>
        place.LastWorker is { } worker ? $"none does now, {worker} was the last" : "none has since the queue began";

    private string WhoHas(string queue) => !_loads.TryGetValue(queue, out var load)
        ? ""
        : $": {Count(load.Running, "attempt")} run there{(load.Holders.IsDefaultOrEmpty ? "" : $" ({string.Join(", ", load.Holders.Select(holder => $"{holder.Attempts} of {holder.WorkflowId}"))})")}, {Count(load.Waiting, "attempt")} wait";

    private string SummaryOf(List<WorkflowReason> all)
    {
        var running = all.Count(reason => reason.Kind == ReasonKind.Running);
        if (all is [] || running == all.Count)
        {
            return running switch
            {
                0 => "Nothing holds it up.",
                1 => $"Nothing holds it up: {all[0].Text}",
                _ => $"Nothing holds it up: {running} attempts are under way.",
            };
        }

        var more = all.Count - running - 1;
        return more == 0 ? all[0].Text : $"{all[0].Text} {Count(more, "more reason")} {(more == 1 ? "holds" : "hold")} it up.";
    }

    private static WorkflowReason Reason(TaskDescription task, ReasonKind kind, string text, string? command = null) =>
        new(kind, task.Path, text, task.Since, task.Until, command);

    private string Line(string verb, params IEnumerable<string?> words) => CommandLine.Of(["actorflow", Workflow, verb, run.Id, .. words]);

    private static string Sentence(string text) => OneLine.Of(text) is [.., '?' or '!'] line ? line : $"{OneLine.Of(text).TrimEnd('.')}.";

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : FormattableString.Invariant($"{number} {noun}s");
}
