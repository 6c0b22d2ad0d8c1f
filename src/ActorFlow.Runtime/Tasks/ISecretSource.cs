namespace ActorFlow.Runtime.Tasks;

/// <summary>Where a worker finds the values of <c>secrets.NAME</c>.</summary>
internal interface ISecretSource
{
    /// <summary>The secret's value; null means that there is no such secret.</summary>
    ValueTask<string?> FindAsync(string name, CancellationToken cancellationToken);
}

/// <summary>Secrets from environment variables: <c>secrets.db-password</c> is <c>ACTORFLOW_SECRET_DB_PASSWORD</c>.</summary>
internal sealed class EnvironmentSecrets : ISecretSource
{
    /// <summary>What the names of the variables begin with.</summary>
    public const string Prefix = "ACTORFLOW_SECRET_";

    /// <inheritdoc/>
    public ValueTask<string?> FindAsync(string name, CancellationToken cancellationToken) =>
        new(Environment.GetEnvironmentVariable(VariableOf(name)));

    /// <summary>The variable that holds a secret: in capitals, with <c>_</c> for whatever is no letter or digit.</summary>
    public static string VariableOf(string name) =>
        Prefix + string.Create(name.Length, name, static (text, source) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = char.IsAsciiLetterOrDigit(source[i]) ? char.ToUpperInvariant(source[i]) : '_';
            }
        });
}
