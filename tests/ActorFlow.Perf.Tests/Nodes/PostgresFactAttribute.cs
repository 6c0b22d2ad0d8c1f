using ActorFlow.TestSupport.Databases;

namespace ActorFlow.Perf.Tests.Nodes;

/// <summary>A fact that needs PostgreSQL: skipped where there is none, but never in a build of CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = Environment.GetEnvironmentVariable("CI") is "true" ? null! : PrivatePostgres.Missing!;
}
