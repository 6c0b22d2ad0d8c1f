namespace ActorFlow.Runtime.Tests.Telemetry;

/// <summary>Listeners hear the whole process: tests that listen, and tests where nobody must, run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class TelemetryCollection
{
    public const string Name = "telemetry";
}
