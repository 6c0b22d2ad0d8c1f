namespace ActorFlow.Core.Definitions.Building;

/// <summary>The keys that any task may carry. Each returns the task it was called on.</summary>
public static class TaskKeys
{
    /// <summary>Sets a name for people.</summary>
    public static T Title<T>(this T task, string title)
        where T : TaskBuilder => task.With(definition => definition with { Title = title });

    /// <summary>Adds needs.</summary>
    public static T Needs<T>(this T task, params IEnumerable<INeed> needs)
        where T : TaskBuilder => task.With(definition => definition with { Needs = [.. definition.Needs.Concat(needs.Select(need => need.Need)).Distinct()] });

    /// <summary>Sets how many of its needs must have arrived.</summary>
    public static T Join<T>(this T task, Join join)
        where T : TaskBuilder => task.With(definition => definition with { Join = join });

    /// <summary>Skips the task unless the condition holds.</summary>
    public static T If<T>(this T task, Computed condition)
        where T : TaskBuilder => task.With(definition => definition with { If = condition.ToString() });

    /// <summary>Runs the task once per element, which <see cref="Computed.Item{T}()"/> gives.</summary>
    /// <param name="task">The task.</param>
    /// <param name="items">A computed array, or a collection of values with <see cref="Computed"/> values anywhere inside.</param>
    /// <param name="maxParallel">How many elements may be unsettled at once; null, the default, means no limit.</param>
    public static T ForEach<T>(this T task, object items, int? maxParallel = null)
        where T : TaskBuilder => task.With(definition => definition with { ForEach = BuiltPayload.Of(items), MaxParallel = maxParallel });

    /// <summary>Runs the task again as long as the condition holds after it.</summary>
    /// <inheritdoc cref="RepeatUntil{T}"/>
    public static T RepeatWhile<T>(this T task, Computed condition, int max = RepeatDefinition.DefaultMax, TimeSpan? delay = null)
        where T : TaskBuilder => task.With(definition => definition with { Repeat = new(condition.ToString(), Until: false, max, delay) });

    /// <summary>Runs the task again until the condition holds after it.</summary>
    /// <param name="task">The task.</param>
    /// <param name="condition">It sees the iteration that just completed, and its output.</param>
    /// <param name="max">The total number of iterations allowed, 1 or more; 1000 by default.</param>
    /// <param name="delay">The wait between two iterations.</param>
    public static T RepeatUntil<T>(this T task, Computed condition, int max = RepeatDefinition.DefaultMax, TimeSpan? delay = null)
        where T : TaskBuilder => task.With(definition => definition with { Repeat = new(condition.ToString(), Until: true, max, delay) });

    /// <summary>Sets the timeout: for each attempt of a handler, else for a group, child workflow or wait as a whole.</summary>
    public static T Timeout<T>(this T task, TimeSpan timeout)
        where T : TaskBuilder => task.With(definition => definition with { Timeout = timeout });

    /// <summary>Sets the deadline of all attempts together.</summary>
    public static T Deadline<T>(this T task, TimeSpan deadline)
        where T : TaskBuilder => task.With(definition => definition with { Deadline = deadline });

    /// <summary>Sets how long its handler may go without a heartbeat.</summary>
    public static T Heartbeat<T>(this T task, TimeSpan heartbeat)
        where T : TaskBuilder => task.With(definition => definition with { Heartbeat = heartbeat });

    /// <summary>Sets how it is retried; absent settings come from the defaults.</summary>
    public static T Retry<T>(this T task, RetryDefinition retry)
        where T : TaskBuilder => task.With(definition => definition with { Retry = retry });

    /// <summary>Sets how many attempts it has in all, 1 or more; the other settings come from the defaults.</summary>
    public static T Retry<T>(this T task, int maxAttempts)
        where T : TaskBuilder => task.Retry(new RetryDefinition { MaxAttempts = maxAttempts });

    /// <summary>Lets dependants run when the task fails.</summary>
    public static T ContinueOnError<T>(this T task)
        where T : TaskBuilder => task.With(definition => definition with { OnError = ErrorPolicy.Continue });

    /// <summary>Sets how its completed executions are compensated.</summary>
    /// <param name="task">The task.</param>
    /// <param name="handler">The handler that compensates.</param>
    /// <param name="with">The handler's input, with <see cref="Computed"/> values anywhere inside, the task's own output among them.</param>
    public static T Compensate<T>(this T task, string handler, object? with = null)
        where T : TaskBuilder => task.With(definition => definition with { Compensate = new(handler, BuiltPayload.Of(with)) });

    /// <summary>Sets the task queue.</summary>
    public static T Queue<T>(this T task, string queue)
        where T : TaskBuilder => task.With(definition => definition with { Queue = queue });

    /// <summary>Sets the priority: 0 (lowest) to 9 (highest).</summary>
    public static T Priority<T>(this T task, int priority)
        where T : TaskBuilder => task.With(definition => definition with { Priority = priority });

    /// <summary>Takes a named checkpoint when the task settles.</summary>
    public static T Checkpoint<T>(this T task)
        where T : TaskBuilder => task.With(definition => definition with { Checkpoint = true });

    private static T With<T>(this T task, Func<TaskDefinition, TaskDefinition> change)
        where T : TaskBuilder
    {
        task.Definition = change(task.Definition);
        return task;
    }
}
