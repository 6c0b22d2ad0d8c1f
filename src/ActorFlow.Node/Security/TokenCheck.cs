using ActorFlow.Node.Api;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace ActorFlow.Node.Security;

/// <summary>Who has a token (JWT) of the identity provider. Its keys are read when they are first needed, and again when a token names one that is not known.</summary>
internal sealed class TokenCheck : IDisposable
{
    /// <summary>What names of tokens begin with: no key can have such a name.</summary>
    public const string Prefix = "jwt:";

    /// <summary>How far the clock of the provider may be ahead.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestQuestion = TimeSpan.FromSeconds(10);

    // Signed with a private key: what others can make with the public one, or with none, is no signature.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly HttpClient _http = new() { Timeout = LongestQuestion };
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _provider;
    private readonly AuthOptions _options;
    private readonly TimeProvider _time;

    /// <param name="options">Whose tokens are let in.</param>
    /// <param name="time">The clock.</param>
    public TokenCheck(AuthOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _provider = new(
            options.Authority.TrimEnd('/') + "/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            // Clear text was allowed to this machine only.
            new HttpDocumentRetriever(_http) { RequireHttps = options.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase) });
    }

    /// <summary>Who has a token.</summary>
    /// <param name="token">Whatever a caller sent.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AccessDeniedException"><c>unauthenticated</c>: it is none, or none that counts.</exception>
    /// <exception cref="UnavailableException">The provider cannot be asked for its keys.</exception>
    public async Task<ApiCaller> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!_handler.CanReadToken(token))
        {
            throw Refused("is none");
        }

        var provider = await ProviderAsync(cancellationToken).ConfigureAwait(false);
        var result = await _handler.ValidateTokenAsync(token, ParametersOf(provider)).ConfigureAwait(false);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The provider may have new ones; it is asked once in a while only.
            _provider.RequestRefresh();
            result = await _handler.ValidateTokenAsync(
                token, ParametersOf(await ProviderAsync(cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        }

        return result.IsValid ? CallerOf((JsonWebToken)result.SecurityToken) : throw Refused(ReasonOf(result.Exception));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static WorkflowRefusedException Refused(string reason) => WorkflowRefusedException.Of("unauthenticated", $"The token {reason}: sign in again.");

    private static string ReasonOf(Exception error) => error switch
    {
        SecurityTokenNoExpirationException => "has no end",
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException => "has expired, or is not valid yet",
        SecurityTokenInvalidAudienceException => "is made for another audience",
        SecurityTokenInvalidIssuerException => "is of another issuer",
        _ => "is not signed by the identity provider",
    };

    private async Task<OpenIdConnectConfiguration> ProviderAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _provider.GetConfigurationAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            throw WorkflowRefusedException.Of("unavailable", "The identity provider cannot be asked for its keys: repeat the call later.", failed);
        }
    }

    private TokenValidationParameters ParametersOf(OpenIdConnectConfiguration provider) => new()
    {
        ValidIssuer = provider.Issuer,
        ValidAudience = _options.Audience,
        IssuerSigningKeys = provider.SigningKeys,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        // Streams end at the same moment.
        LifetimeValidator = (notBefore, expires, _, _) => expires > _time.GetUtcNow().UtcDateTime && (notBefore is null || notBefore <= (_time.GetUtcNow() + Skew).UtcDateTime),
    };

    private ApiCaller CallerOf(JsonWebToken token)
    {
        var name = token.TryGetPayloadValue<string>("preferred_username", out var user) && user.Length > 0 ? user : token.Subject;
        var role = token.Claims.Where(claim => claim.Type == _options.RoleClaim).Select(claim => ApiRoles.FromWord(claim.Value) ?? ApiRole.None).DefaultIfEmpty(ApiRole.None).Max();
        return string.IsNullOrEmpty(name)
            ? throw Refused("names nobody")
            : new(AuditText.Of(Prefix + name), role) { Access = new() { Until = new(token.ValidTo, TimeSpan.Zero) } };
    }
}
