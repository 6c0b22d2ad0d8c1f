namespace ActorFlow.Client.Tests.Nodes;

/// <summary>Clients of fake nodes.</summary>
internal static class Clients
{
    /// <summary>A client in real time.</summary>
    public static WorkflowClient Of(params FakeNode[] nodes) => Of(null, nodes);

    /// <summary>A client whose pauses take no time, and are half as long as they may be at most.</summary>
    public static WorkflowClient Of(HastyTime? time, params FakeNode[] nodes) =>
        Of(new() { Addresses = [.. nodes.Select(node => node.Address)] }, time);

    public static WorkflowClient Of(WorkflowClientOptions options, HastyTime? time = null) =>
        time is null ? new(options) : new(options, time, () => 0);

    /// <summary>Awaits what is bound to come, and fails when it does not.</summary>
    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <inheritdoc cref="InTime{T}(Task{T})"/>
    public static Task InTime(this Task task) => task.WaitAsync(TimeSpan.FromSeconds(30));
}
