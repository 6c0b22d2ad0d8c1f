using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Core.Tasks;

/// <summary>A handler that a worker offers, and the name it is offered under.</summary>
/// <param name="Name">What <c>uses</c> says.</param>
/// <param name="Create">Makes the handler for one attempt, from that attempt's scope.</param>
public sealed record TaskRegistration(string Name, Func<IServiceProvider, ITaskHandler> Create)
{
    /// <summary>Makes the handler for one attempt, from that attempt's scope. To set it anew, in a copy, drops <see cref="Shared"/>.</summary>
    public Func<IServiceProvider, ITaskHandler> Create
    {
        get;
        init
        {
            field = value;
            Shared = null;
        }
    } = Create;

    /// <summary>The one handler that all attempts share; none: each attempt makes its own, in a scope of its own.</summary>
    public ITaskHandler? Shared { get; init; }
}

/// <summary>Registers handlers.</summary>
public static class TaskRegistrations
{
    /// <summary>Offers <typeparamref name="THandler"/> under <paramref name="name"/>, with a scope of its own per attempt.</summary>
    public static IServiceCollection AddTask<THandler>(this IServiceCollection services, string name)
        where THandler : class, ITaskHandler
    {
        services.AddTransient<THandler>();
        return services.AddSingleton(new TaskRegistration(name, scope => scope.GetRequiredService<THandler>()));
    }

    /// <summary>Offers one handler instance, shared by all attempts, under <paramref name="name"/>.</summary>
    public static IServiceCollection AddTask(this IServiceCollection services, string name, ITaskHandler handler) =>
        services.AddSingleton(new TaskRegistration(name, _ => handler) { Shared = handler });
}
