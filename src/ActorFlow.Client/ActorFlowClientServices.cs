using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ActorFlow;

/// <summary>Adds the client of a cluster to an application.</summary>
public static class ActorFlowClientServices
{
    /// <summary>
    /// Adds a <see cref="WorkflowClient"/>, also as <see cref="IWorkflowClient"/>, and <see cref="IWorkflowClient.Definitions"/>, one for the
    /// application. Where services hold an <see cref="IWorkflowClient"/> already, that of a node in this process, it stays. Called again it changes the
    /// options of the one client.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Says where the nodes are.</param>
    /// <remarks>Options that are not valid are reported when the client is first asked for, as <see cref="OptionsValidationException"/>.</remarks>
    public static IServiceCollection AddActorFlowClient(this IServiceCollection services, Action<WorkflowClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<WorkflowClientOptions>().Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkflowClientOptions>, Validator>());
        services.TryAddSingleton(provider => new WorkflowClient(provider.GetRequiredService<IOptions<WorkflowClientOptions>>().Value));
        services.TryAddSingleton<IWorkflowClient>(provider => provider.GetRequiredService<WorkflowClient>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IWorkflowClient>().Definitions);
        return services;
    }

    private sealed class Validator : IValidateOptions<WorkflowClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, WorkflowClientOptions options) =>
            options.Problems() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
