using ActorFlow.Core.Definitions;
using ActorFlow.Runtime.Persistence;
using Akka.Configuration;
using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Hosting;

/// <summary>Checks the options of a node: the ranges of their attributes, and what no attribute can tell. Each failure is one line with the full key.</summary>
/// <param name="path">The key of the section that the options stand for.</param>
internal sealed class ActorFlowOptionsValidator(string path) : IValidateOptions<ActorFlowOptions>
{
    private static readonly string[] Roles = [ClusterOptions.WorkflowRole, ClusterOptions.WorkerRole, ClusterOptions.ApiRole];

    public ValidateOptionsResult Validate(string? name, ActorFlowOptions options)
    {
        string[] failures =
        [
            .. new ActorFlowOptionRanges().Validate(path, options).Failures ?? [],
            .. Failures(options.Cluster).Select(failure => $"{path}:Cluster:{failure}"),
            // A node that opens no store needs no database.
            .. options.Cluster.HoldsRuns ? PersistenceOptionsValidator.FailuresOf(options.Persistence, $"{path}:Persistence") : [],
            .. Failures(options).Select(failure => $"{path}:{failure}"),
        ];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(ClusterOptions options)
    {
        if (options.SystemName.Length == 0 || !options.SystemName.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            yield return $"SystemName must consist of letters, digits and '-'; it is '{options.SystemName}'.";
        }

        if (string.IsNullOrWhiteSpace(options.Host))
        {
            yield return "Host must name an address; it is empty.";
        }

        if (options.Roles.Count == 0)
        {
            yield return $"Roles must name one or more of {string.Join(", ", Roles)}; it is empty.";
        }

        foreach (var role in options.Roles.Except(Roles))
        {
            yield return $"Roles must name one or more of {string.Join(", ", Roles)}; it names '{role}'.";
        }

        foreach (var seed in options.SeedNodes.Where(seed => !Akka.Actor.ActorPath.TryParse(seed + "/user", out _)))
        {
            yield return $"SeedNodes must hold addresses like akka.tcp://actorflow@host:4053; it holds '{seed}'.";
        }
    }

    private static IEnumerable<string> Failures(ActorFlowOptions options)
    {
        if (options.Queues.Grace < options.Worker.Grace)
        {
            yield return $"Queues:Grace must not be less than Worker:Grace, {Duration.Format(options.Worker.Grace)}; it is {Duration.Format(options.Queues.Grace)}.";
        }

        if (options.Worker.SecretsDirectory.Length > 0 && !Directory.Exists(options.Worker.SecretsDirectory))
        {
            yield return $"Worker:SecretsDirectory names the directory {options.Worker.SecretsDirectory}, which is not there.";
        }

        if (HoconFailure(options.Hocon) is { } failure)
        {
            yield return $"Hocon cannot be read: {failure}";
        }
    }

    private static string? HoconFailure(string hocon)
    {
        try
        {
            ConfigurationFactory.ParseString(hocon);
            return null;
        }
        catch (Exception error)
        {
            return error.Message;
        }
    }
}

/// <summary>Checks the attributes of a node's options.</summary>
[OptionsValidator]
internal sealed partial class ActorFlowOptionRanges : IValidateOptions<ActorFlowOptions>;
