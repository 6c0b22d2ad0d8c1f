using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Hosting;

/// <summary>What a node is made of, as it is put together; the packages of databases add theirs to it.</summary>
/// <param name="services">The application's services.</param>
public sealed class ActorFlowBuilder(IServiceCollection services)
{
    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; } = services;
}
