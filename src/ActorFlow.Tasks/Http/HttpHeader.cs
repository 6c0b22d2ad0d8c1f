namespace ActorFlow.Tasks.Http;

/// <summary>A header to send.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsConfidential">Whether it is for the task's own origin only: by its name, or because a secret is in it.</param>
internal sealed record HttpHeader(string Name, string Value, bool IsConfidential)
{
    /// <summary>Whether it describes the body, and is sent only with it.</summary>
    public bool IsOfBody => Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);
}
