using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Hosting;

/// <summary>The place of a node in the cluster; section <c>Cluster</c>.</summary>
public sealed class ClusterOptions
{
    /// <summary>The configuration section that these options are bound from.</summary>
    public const string Section = "Cluster";

    /// <summary>The role of nodes that hold runs and task queues.</summary>
    public const string WorkflowRole = "workflow";

    /// <summary>The role of nodes that run tasks.</summary>
    public const string WorkerRole = "worker";

    /// <summary>The name of the ActorSystem, the same on all nodes: letters, digits and <c>-</c>. The default is <c>actorflow</c>.</summary>
    public string SystemName { get; set; } = "actorflow";

    /// <summary>The address that the node binds to and is known by. The default is <c>127.0.0.1</c>.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The port of Akka remoting, 0 to 65535; 0, the default, takes any free port.</summary>
    public int Port { get; set; }

    /// <summary>The roles of the node: <c>workflow</c>, <c>worker</c> or, by default, both.</summary>
    public ImmutableArray<string> Roles { get; set; } = [WorkflowRole, WorkerRole];

    /// <summary>The nodes to join, as <c>akka.tcp://actorflow@host:port</c>; empty, the default, means that the node forms a cluster of its own.</summary>
    public ImmutableArray<string> SeedNodes { get; set; } = [];

    /// <summary>
    /// Whether the cluster recovers every open run by itself, after a start and after the loss of a node. The default is true;
    /// an embedded node for a single run sets it to false.
    /// </summary>
    public bool RememberRuns { get; set; } = true;
}

/// <summary>Checks <see cref="ClusterOptions"/>; each failure names the key.</summary>
public sealed class ClusterOptionsValidator : IValidateOptions<ClusterOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ClusterOptions options)
    {
        var failures = Failures(options).Select(failure => $"{ClusterOptions.Section}:{failure}").ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(ClusterOptions options)
    {
        if (options.SystemName.Length == 0 || !options.SystemName.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            yield return "SystemName must consist of letters, digits and '-'.";
        }

        if (string.IsNullOrWhiteSpace(options.Host))
        {
            yield return "Host must name an address.";
        }

        if (options.Port is < 0 or > 65_535)
        {
            yield return "Port must lie between 0 and 65535.";
        }

        if (options.Roles.IsDefaultOrEmpty || options.Roles.Any(role => role is not (ClusterOptions.WorkflowRole or ClusterOptions.WorkerRole)))
        {
            yield return $"Roles must name '{ClusterOptions.WorkflowRole}', '{ClusterOptions.WorkerRole}' or both.";
        }

        foreach (var seed in options.SeedNodes.Where(seed => !Akka.Actor.ActorPath.TryParse(seed + "/user", out _)))
        {
            yield return $"SeedNodes holds '{seed}', which is no address like akka.tcp://actorflow@host:4053.";
        }
    }
}
