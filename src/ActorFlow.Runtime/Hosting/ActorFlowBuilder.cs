using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Hosting;

/// <summary>Builds a node; the packages of databases add theirs to it (<c>UseSqlite()</c>, <c>UsePostgres()</c>).</summary>
/// <param name="services">The application's services.</param>
public sealed class ActorFlowBuilder(IServiceCollection services)
{
    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; } = services;

    /// <summary>Registers a handler, which is made anew for each attempt, in a service scope of its own.</summary>
    /// <typeparam name="THandler">The handler.</typeparam>
    /// <param name="name">The name in <c>uses</c>.</param>
    public ActorFlowBuilder AddTask<THandler>(string name)
        where THandler : class, ITaskHandler
    {
        Services.AddTask<THandler>(name);
        return this;
    }

    /// <summary>Registers one handler that all attempts share.</summary>
    /// <param name="name">The name in <c>uses</c>.</param>
    /// <param name="handler">The handler; safe for all threads.</param>
    public ActorFlowBuilder AddTask(string name, ITaskHandler handler)
    {
        Services.AddTask(name, handler);
        return this;
    }

    /// <summary>
    /// Adds to the ActorSystem of the node, after ActorFlow has set it up: actors, extensions, settings. It can override settings of
    /// <see cref="ActorFlowOptions.Hocon"/>, but none that the node is set up by: its address, roles, seed nodes, journal and the like.
    /// The start fails with an <see cref="InvalidOperationException"/> that names the setting. Called several times, all apply, in order.
    /// </summary>
    /// <param name="configure">What to add; called when the host starts.</param>
    public ActorFlowBuilder ConfigureAkka(Action<AkkaConfigurationBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.AddSingleton(new AkkaCustomization(configure));
        return this;
    }
}
