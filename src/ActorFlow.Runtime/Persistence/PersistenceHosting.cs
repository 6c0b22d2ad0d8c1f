using Akka.Actor;
using Akka.Hosting;

namespace ActorFlow.Runtime.Persistence;

/// <summary>Persistence for an ActorSystem set up by Akka.Hosting.</summary>
internal static class PersistenceHosting
{
    /// <summary>
    /// Makes journal and snapshots of the system live in <paramref name="store"/>, and writes out what is queued before
    /// the system terminates. Serializers are set up elsewhere. The store stays the caller's to dispose.
    /// </summary>
    /// <param name="builder">The system that is being set up.</param>
    /// <param name="store">An open store.</param>
    public static AkkaConfigurationBuilder WithActorFlowPersistence(this AkkaConfigurationBuilder builder, PersistenceStore store)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(store);
        store.Configure(builder);
        return builder
            // Journal and snapshots start with the system, beside all else, instead of in the first run's time.
            .WithExtension<Akka.Persistence.Persistence>()
            .AddSetup(new PersistenceStoreSetup(store))
            .AddStartup((system, _) => CoordinatedShutdown.Get(system).AddTask(
                CoordinatedShutdown.PhaseBeforeActorSystemTerminate,
                "actorflow-flush-store",
                async () =>
                {
                    // Whoever asked for a write that fails now hears it from that write.
                    await store.FlushAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return Akka.Done.Instance;
                }));
    }
}
