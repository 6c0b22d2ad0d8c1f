namespace ActorFlow.Node.Api;

/// <summary>What a caller may do; each role may what those before it may.</summary>
internal enum ApiRole
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Read.</summary>
    Viewer,

    /// <summary>Start and steer runs, register definitions.</summary>
    Operator,

    /// <summary>Purge runs, keep keys, read the audit.</summary>
    Admin,
}

/// <summary>The words of <see cref="ApiRole"/>.</summary>
internal static class ApiRoles
{
    /// <summary>The roles that a key may have, for people.</summary>
    public const string Words = "viewer, operator or admin";

    /// <summary>The word of a role.</summary>
    public static string ToWord(this ApiRole role) => role switch
    {
        ApiRole.Viewer => "viewer",
        ApiRole.Operator => "operator",
        ApiRole.Admin => "admin",
        _ => "none",
    };

    /// <summary>The role of that word; null if there is none.</summary>
    public static ApiRole? FromWord(string? word) => word switch
    {
        "viewer" => ApiRole.Viewer,
        "operator" => ApiRole.Operator,
        "admin" => ApiRole.Admin,
        _ => null,
    };
}

/// <summary>Who calls.</summary>
/// <param name="Name">The name of the key or token, <c>os:user</c>, or <c>anonymous@address</c>: what runs record as the answerer.</param>
/// <param name="Role">What the caller may do.</param>
internal sealed record ApiCaller(string Name, ApiRole Role)
{
    /// <summary>How long the caller may it.</summary>
    public CallerAccess Access { get; init; } = CallerAccess.Endless;

    /// <summary>Refuses a caller without the role.</summary>
    /// <exception cref="AccessDeniedException"><c>forbidden</c>.</exception>
    public void Require(ApiRole role)
    {
        if (Role < role)
        {
            throw WorkflowRefusedException.Of("forbidden", $"'{Name}' has the role {Role.ToWord()}; this needs {role.ToWord()}.");
        }
    }
}
