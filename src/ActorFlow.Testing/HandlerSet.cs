using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Testing;

/// <summary>Handlers that the workers of a test offer. A later one takes the place of an earlier one of its name.</summary>
public class HandlerSet
{
    internal HandlerSet()
    {
    }

    internal Dictionary<string, Func<IServiceProvider, ITaskHandler>> Handlers { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>Offers a function: what it returns becomes JSON, what it throws fails the attempt.</summary>
    /// <param name="name">What <c>uses</c> says.</param>
    /// <param name="run">Runs one attempt on its input.</param>
    public void AddTask(string name, Func<TestTaskContext, Payload, object?> run) => AddTask(name, FakeHandler.Does(run));

    /// <summary>Offers an asynchronous function. It lets virtual time pass with <see cref="TestTaskContext.DelayAsync"/>.</summary>
    /// <inheritdoc cref="AddTask(string, Func{TestTaskContext, Payload, object})"/>
    public void AddTask(string name, Func<TestTaskContext, Payload, Task<object?>> run) => AddTask(name, FakeHandler.Does(run));

    /// <summary>Offers an asynchronous function whose output is <c>null</c>, unless it returns a <see cref="Task{TResult}"/>.</summary>
    /// <inheritdoc cref="AddTask(string, Func{TestTaskContext, Payload, object})"/>
    public void AddTask(string name, Func<TestTaskContext, Payload, Task> run) => AddTask(name, FakeHandler.Does(run));

    /// <summary>Offers a function of a typed input, converted by System.Text.Json's web conventions.</summary>
    /// <inheritdoc cref="AddTask(string, Func{TestTaskContext, Payload, object})"/>
    public void AddTask<TInput>(string name, Func<TestTaskContext, TInput, object?> run) =>
        AddTask(name, (context, input) => run(context, input.To<TInput>()!));

    /// <summary>Offers one handler, shared by all attempts: one of <see cref="FakeHandler"/>, or one of your own.</summary>
    /// <param name="name">What <c>uses</c> says.</param>
    /// <param name="handler">The handler.</param>
    public void AddTask(string name, ITaskHandler handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(handler);
        Handlers[name] = _ => handler;
    }

    /// <summary>Offers a handler of your own, made for each attempt with what <see cref="WorkflowTestSetup.Services"/> holds.</summary>
    /// <param name="name">What <c>uses</c> says.</param>
    public void AddTask<THandler>(string name)
        where THandler : class, ITaskHandler
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Handlers[name] = scope => ActivatorUtilities.GetServiceOrCreateInstance<THandler>(scope);
    }

    /// <summary>Gives a secret a value: what <c>secrets.NAME</c> stands for on the workers.</summary>
    public void AddSecret(string name, string value) => Secrets[name] = value;
}
