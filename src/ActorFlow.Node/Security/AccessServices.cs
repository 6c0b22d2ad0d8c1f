using ActorFlow.Node.Api;
using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Node.Security;

/// <summary>The services of the door.</summary>
internal static class AccessServices
{
    /// <summary>Adds them.</summary>
    /// <param name="services">The services of the node.</param>
    /// <param name="auth">Whose tokens are let in.</param>
    public static void AddAccess(this IServiceCollection services, AuthOptions auth)
    {
        if (auth.HasAuthority)
        {
            services.AddSingleton<TokenCheck>();
        }

        services.AddSingleton<AccessStore>();
        services.AddSingleton(provider => new KeyRing(
            KeysOf(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<KeyRing>>()));
        services.AddHostedService(provider => provider.GetRequiredService<KeyRing>());
        services.AddHostedService<DoorCheck>();
        services.AddSingleton(provider => new Door(
            provider.GetRequiredService<KeyRing>(), provider.GetRequiredService<ApiOptions>(), provider.GetService<TokenCheck>()));
        services.AddSingleton(provider => new AuditTrail(
            provider.GetRequiredService<AccessStore>().Store?.Audit,
            provider.GetRequiredService<ApiOptions>(),
            provider.GetRequiredService<NodeMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AuditTrail>>()));
        services.AddHostedService(provider => provider.GetRequiredService<AuditTrail>());
        services.AddSingleton(provider => new ApiKeys(
            KeysOf(provider) ?? throw new InvalidOperationException("The node serves no API."), provider.GetRequiredService<TimeProvider>()));
    }

    private static IApiKeys? KeysOf(IServiceProvider provider) => provider.GetRequiredService<AccessStore>().Store?.Keys;
}
