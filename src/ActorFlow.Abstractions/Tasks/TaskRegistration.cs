using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow;

/// <summary>A handler that a worker offers, and the name it is registered under.</summary>
/// <param name="Name">The name in <c>uses</c>.</param>
/// <param name="Create">Makes the handler for one attempt, from that attempt's service scope.</param>
public sealed record TaskRegistration(string Name, Func<IServiceProvider, ITaskHandler> Create)
{
    /// <summary>Makes the handler for one attempt, from that attempt's service scope. Setting it in a copy clears <see cref="Shared"/>.</summary>
    public Func<IServiceProvider, ITaskHandler> Create
    {
        get;
        init
        {
            field = value;
            Shared = null;
        }
    } = Create;

    /// <summary>The one handler that all attempts share; null means that each attempt makes its own, in a service scope of its own.</summary>
    public ITaskHandler? Shared { get; init; }
}

/// <summary>Registers handlers.</summary>
public static class TaskRegistrations
{
    /// <summary>Registers <typeparamref name="THandler"/> under <paramref name="name"/>, with a service scope for each attempt.</summary>
    public static IServiceCollection AddTask<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(this IServiceCollection services, string name)
        where THandler : class, ITaskHandler
    {
        services.AddTransient<THandler>();
        return services.AddSingleton(new TaskRegistration(name, scope => scope.GetRequiredService<THandler>()));
    }

    /// <summary>Registers one handler instance, shared by all attempts, under <paramref name="name"/>.</summary>
    public static IServiceCollection AddTask(this IServiceCollection services, string name, ITaskHandler handler) =>
        services.AddSingleton(new TaskRegistration(name, _ => handler) { Shared = handler });
}
