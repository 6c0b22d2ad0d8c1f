using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Hosting;

/// <summary>Builds a node; the packages of databases add their services to it.</summary>
/// <param name="services">The application's services.</param>
public sealed class ActorFlowBuilder(IServiceCollection services)
{
    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; } = services;
}
