using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ActorFlow.Node.Tests.Security;

/// <summary>An identity provider on this machine: it tells its keys, and makes tokens as a test wants them.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string Audience = "actorflow";

    private const string KeyId = "key-1";

    private readonly WebApplication _app;
    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _other = RSA.Create(2048);

    private IdentityProvider(WebApplication app) => _app = app;

    public string Authority => _app.Urls.First();

    /// <summary>Whether it answers.</summary>
    public bool IsAway { get; set; }

    public static async Task<IdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new IdentityProvider(app);
        app.MapGet("/.well-known/openid-configuration", provider.Configuration);
        app.MapGet("/keys", provider.Keys);
        await app.StartAsync();
        return provider;
    }

    /// <summary>A token that is let in, changed as a test wants it.</summary>
    public string Token(Action<SecurityTokenDescriptor>? change = null, bool isForged = false, params (string Claim, object Value)[] claims)
    {
        var token = new SecurityTokenDescriptor
        {
            Issuer = Authority,
            Audience = Audience,
            NotBefore = DateTime.UtcNow.AddMinutes(-1),
            Expires = DateTime.UtcNow.AddMinutes(5),
            Claims = claims.ToDictionary(claim => claim.Claim, claim => claim.Value),
            SigningCredentials = new(new RsaSecurityKey(isForged ? _other : _key) { KeyId = KeyId }, SecurityAlgorithms.RsaSha256),
        };
        token.Claims.TryAdd("sub", "u-1");
        token.Claims.TryAdd("roles", "operator");
        change?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    /// <summary>A token that says it needs no signature.</summary>
    public string Unsigned()
    {
        var parts = Token().Split('.');
        return $"{Part("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.";
    }

    /// <summary>A token that is signed with the public key as if it were a shared secret.</summary>
    public string SignedWithPublicKey()
    {
        var content = $"{Part($$"""{"alg":"HS256","kid":"{{KeyId}}","typ":"JWT"}""")}.{Token().Split('.')[1]}";
        var signature = HMACSHA256.HashData(Encoding.ASCII.GetBytes(_key.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(content));
        return $"{content}.{Base64UrlEncoder.Encode(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        _other.Dispose();
    }

    private static string Part(string json) => Base64UrlEncoder.Encode(json);

    private IResult Configuration() => IsAway
        ? Results.StatusCode(StatusCodes.Status500InternalServerError)
        : Results.Text(JsonSerializer.Serialize(new Dictionary<string, string> { ["issuer"] = Authority, ["jwks_uri"] = Authority + "/keys" }), "application/json");

    private IResult Keys()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        var text = $$"""
            {"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"{{KeyId}}","n":"{{Base64UrlEncoder.Encode(key.Modulus)}}","e":"{{Base64UrlEncoder.Encode(key.Exponent)}}"}]}
            """;
        return Results.Text(text, "application/json");
    }
}
