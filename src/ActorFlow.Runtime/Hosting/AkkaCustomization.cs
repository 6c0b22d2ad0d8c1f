using Akka.Hosting;

namespace ActorFlow.Runtime.Hosting;

/// <summary>What an application does to the ActorSystem of its node, after ActorFlow has set it up.</summary>
internal sealed class AkkaCustomization(Action<AkkaConfigurationBuilder> configure)
{
    /// <summary>What a node is set up by, and would break in ways that nobody sees at once.</summary>
    private static readonly (string Path, string SetBy)[] Kept =
    [
        ("akka.actor.provider", "ActorFlow"),
        ("akka.remote.dot-netty.tcp.hostname", "Cluster:Host"),
        ("akka.remote.dot-netty.tcp.port", "Cluster:Port"),
        ("akka.cluster.roles", "Cluster:Roles"),
        ("akka.cluster.seed-nodes", "Cluster:SeedNodes"),
        ("akka.cluster.downing-provider-class", "ActorFlow"),
        ("akka.cluster.split-brain-resolver.active-strategy", "ActorFlow"),
        ("akka.persistence.journal.plugin", "Persistence:Journal"),
        ("akka.persistence.snapshot-store.plugin", "Persistence:Journal"),
        ($"{RunMailbox.Path}.mailbox-type", "ActorFlow"),
    ];

    /// <summary>Applies them in order.</summary>
    /// <exception cref="InvalidOperationException">One changes a setting that the node is set up by; the message names it.</exception>
    public static void Apply(IEnumerable<AkkaCustomization> all, AkkaConfigurationBuilder akka)
    {
        var (before, provider) = (ValuesIn(akka), akka.ActorRefProvider);
        foreach (var one in all)
        {
            one.Run(akka);
        }

        var after = ValuesIn(akka);
        if (Kept.Where((_, i) => before[i] != after[i]).ToList() is [var (path, setBy), ..])
        {
            throw Refusal(path, setBy);
        }

        if (!provider.Equals(akka.ActorRefProvider))
        {
            throw Refusal("the provider of actor references", "ActorFlow");
        }
    }

    private static InvalidOperationException Refusal(string what, string setBy) => new($"ConfigureAkka must not change {what}, which is set by {setBy}.");

    private void Run(AkkaConfigurationBuilder akka) => configure(akka);

    private static List<string?> ValuesIn(AkkaConfigurationBuilder akka) =>
        [.. Kept.Select(setting => akka.Configuration.HasValue ? akka.Configuration.Value.GetValue(setting.Path)?.ToString() : null)];
}
