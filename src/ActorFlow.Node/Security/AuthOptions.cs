using Microsoft.Extensions.Options;

namespace ActorFlow.Node.Security;

/// <summary>Whose tokens callers may sign in with, beside API keys; section <c>ActorFlow:Auth</c>.</summary>
internal sealed class AuthOptions
{
    /// <summary>The section that the options are read from: <c>ActorFlow:Auth</c>.</summary>
    public const string Section = "ActorFlow:Auth";

    /// <summary>The identity provider (OpenID Connect) whose tokens are let in.</summary>
    /// <value>An address as <c>https://login.example/realm</c>; <c>http</c> to this machine only. The default is empty: none.</value>
    public string Authority { get; set; } = string.Empty;

    /// <summary>The audience that tokens must be made for.</summary>
    /// <value>A text, which must be there if <see cref="Authority"/> is. The default is empty.</value>
    public string Audience { get; set; } = string.Empty;

    /// <summary>The claim with the roles of the caller: <c>viewer</c>, <c>operator</c> or <c>admin</c>, the highest of which counts.</summary>
    /// <value>The name of a claim. The default is <c>roles</c>.</value>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>Whether tokens are let in.</summary>
    internal bool HasAuthority => Authority.Length > 0;
}

/// <summary>Checks the options of tokens. Each failure is one line with the full key.</summary>
/// <param name="path">The key of the section that the options stand for.</param>
internal sealed class AuthOptionsValidator(string path) : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        string[] failures = [.. Failures(options).Select(failure => $"{path}:{failure}")];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(AuthOptions options)
    {
        if (options.HasAuthority
            && !(Uri.TryCreate(options.Authority, UriKind.Absolute, out var address)
                && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))))
        {
            yield return $"{nameof(options.Authority)} must be an address as https://login.example/realm (http to this machine only); it is '{options.Authority}'.";
        }

        if (options.HasAuthority != options.Audience.Length > 0)
        {
            yield return options.HasAuthority
                ? $"{nameof(options.Audience)} is empty: name the audience that tokens are made for, or those made for other services would be let in."
                : $"{nameof(options.Audience)} is set, but {nameof(options.Authority)} is not.";
        }

        if (options.RoleClaim.Length == 0)
        {
            yield return $"{nameof(options.RoleClaim)} is empty: name the claim with the roles.";
        }
    }
}
