using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorFlow.Node.Hosting;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Node.Tests.Hosting;

public sealed class TlsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actorflow-tls-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task With_a_certificate_one_address_serves_both_and_clear_text_is_not_spoken()
    {
        var (certificate, key) = Write("node", Make("CN=localhost"));
        await using var node = await RunningNode.StartAsync(settings: [("ActorFlow:Api:Certificate", certificate), ("ActorFlow:Api:CertificateKey", key)]);
        var address = node.Services.GetRequiredService<NodeAddresses>();
        using var trusting = Trusting(null);
        using var http = new HttpClient(trusting, disposeHandler: false) { BaseAddress = new(address.Http!) };
        using var channel = GrpcChannel.ForAddress(address.Http!, new() { HttpHandler = Trusting(null), DisposeHttpClient = true });

        var info = await http.GetStringAsync("/api/v1/info");
        var listed = await new V1.Workflows.WorkflowsClient(channel).ListAsync(new());
        using var clear = new HttpClient { BaseAddress = new(address.Http!.Replace("https", "http", StringComparison.Ordinal)) };

        Assert.StartsWith("https://", address.Http, StringComparison.Ordinal);
        Assert.Null(address.Grpc);
        Assert.DoesNotContain("grpcAddress", info, StringComparison.Ordinal);
        Assert.Empty(listed.Items);
        await Assert.ThrowsAsync<HttpRequestException>(() => clear.GetStringAsync("/api/v1/info"));
    }

    [Fact]
    public async Task Where_clients_need_certificates_only_those_of_the_authority_come_in()
    {
        var (certificate, key) = Write("node", Make("CN=localhost"));
        using var authority = Make("CN=authority", isAuthority: true);
        var (authorities, _) = Write("authority", authority);
        await using var node = await RunningNode.StartAsync(settings:
        [
            ("ActorFlow:Api:Certificate", certificate), ("ActorFlow:Api:CertificateKey", key), ("ActorFlow:Api:ClientCertificates", authorities),
        ]);
        var address = new Uri(node.Services.GetRequiredService<NodeAddresses>().Http! + "/api/v1/info");
        using var known = Make("CN=client", issuer: authority);
        using var unknown = Make("CN=stranger");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(known));
        await Assert.ThrowsAnyAsync<Exception>(() => StatusAsync(unknown));
        await Assert.ThrowsAnyAsync<Exception>(() => StatusAsync(null));

        async Task<HttpStatusCode> StatusAsync(X509Certificate2? client)
        {
            using var handler = Trusting(client);
            using var http = new HttpClient(handler, disposeHandler: false);
            using var response = await http.GetAsync(address);
            return response.StatusCode;
        }
    }

    private static SocketsHttpHandler Trusting(X509Certificate2? client)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        handler.SslOptions.ClientCertificates = client is null ? null : [client];
        return handler;
    }

    private static X509Certificate2 Make(string name, bool isAuthority = false, X509Certificate2? issuer = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(isAuthority ? 2 : 1));
        return issuer is null
            ? request.CreateSelfSigned(from, to)
            : Reloaded(request.Create(issuer, from, to, [1, 2, 3]).CopyWithPrivateKey(key));
    }

    // A key in memory only is not sent by every platform.
    private static X509Certificate2 Reloaded(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);

    private (string Certificate, string Key) Write(string name, X509Certificate2 certificate)
    {
        var (file, keyFile) = (Path.Combine(_directory, name + ".pem"), Path.Combine(_directory, name + ".key"));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return (file, keyFile);
    }
}
