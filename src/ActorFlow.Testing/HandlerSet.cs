using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Testing;

/// <summary>The handlers of the workers of a test. A later one replaces an earlier one of the same name.</summary>
public class HandlerSet
{
    internal HandlerSet()
    {
    }

    internal Dictionary<string, Func<IServiceProvider, ITaskHandler>> Handlers { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a function: its result becomes JSON, its exception fails the attempt.</summary>
    /// <param name="name">The name in <c>uses</c>.</param>
    /// <param name="run">Runs one attempt on its input.</param>
    public void AddTask(string name, Func<TestTaskContext, Payload, object?> run) => AddTask(name, FakeHandler.Does(run));

    /// <summary>Adds an asynchronous function. It lets virtual time pass with <see cref="TestTaskContext.DelayAsync"/>.</summary>
    /// <inheritdoc cref="AddTask(string, Func{TestTaskContext, Payload, object})"/>
    public void AddTask(string name, Func<TestTaskContext, Payload, Task<object?>> run) => AddTask(name, FakeHandler.Does(run));

    /// <summary>Adds an asynchronous function whose output is <c>null</c>, unless it returns a <see cref="Task{TResult}"/>.</summary>
    /// <inheritdoc cref="AddTask(string, Func{TestTaskContext, Payload, object})"/>
    public void AddTask(string name, Func<TestTaskContext, Payload, Task> run) => AddTask(name, FakeHandler.Does(run));

    /// <summary>Adds a function of a typed input, converted by System.Text.Json's web conventions.</summary>
    /// <inheritdoc cref="AddTask(string, Func{TestTaskContext, Payload, object})"/>
    public void AddTask<TInput>(string name, Func<TestTaskContext, TInput, object?> run) =>
        AddTask(name, (context, input) => run(context, input.To<TInput>()!));

    /// <summary>Adds one handler, shared by all attempts: a <see cref="FakeHandler"/>, or your own.</summary>
    /// <param name="name">The name in <c>uses</c>.</param>
    /// <param name="handler">The handler.</param>
    public void AddTask(string name, ITaskHandler handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(handler);
        Handlers[name] = _ => handler;
    }

    /// <summary>Adds your own handler, made for each attempt from <see cref="WorkflowTestSetup.Services"/>.</summary>
    /// <param name="name">The name in <c>uses</c>.</param>
    public void AddTask<THandler>(string name)
        where THandler : class, ITaskHandler
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Handlers[name] = scope => ActivatorUtilities.GetServiceOrCreateInstance<THandler>(scope);
    }

    /// <summary>Sets the value of a secret, which replaces <c>secrets.NAME</c> on the workers.</summary>
    public void AddSecret(string name, string value) => Secrets[name] = value;
}
