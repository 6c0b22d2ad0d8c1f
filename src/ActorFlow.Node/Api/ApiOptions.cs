using ActorFlow.Configuration;
using ActorFlow.Node.Hosting;
using Microsoft.Extensions.Options;

namespace ActorFlow.Node.Api;

/// <summary>The options of the API; section <c>ActorFlow:Api</c>.</summary>
internal sealed class ApiOptions
{
    /// <summary>The section that the options are read from: <c>ActorFlow:Api</c>.</summary>
    public const string Section = "ActorFlow:Api";

    /// <summary>Where JSON API, pages, health and metrics are served, over HTTP/1.1; with a certificate gRPC too. Port 0 takes any free port.</summary>
    /// <value>An address and a port. The default is <c>127.0.0.1:9110</c>.</value>
    public string Address { get; set; } = "127.0.0.1:9110";

    /// <summary>Where gRPC is served in clear text, over HTTP/2. Port 0 takes any free port.</summary>
    /// <value>An address and a port. The default is <c>127.0.0.1:9111</c>.</value>
    public string GrpcAddress { get; set; } = "127.0.0.1:9111";

    /// <summary>How many calls may be under way; more are refused as <c>overloaded</c>. Waits and streams are not counted.</summary>
    /// <value>From 1 to 100,000. The default is 1,000.</value>
    [SettingRange(1, 100_000)]
    public int MaxInFlight { get; set; } = 1_000;

    /// <summary>How many waits and streams may be open; more are refused as <c>overloaded</c>.</summary>
    /// <value>From 1 to 1,000,000. The default is 20,000.</value>
    [SettingRange(1, 1_000_000)]
    public int MaxStreams { get; set; } = 20_000;

    /// <summary>How long the node still serves after it was told to stop, and is not ready any more.</summary>
    /// <value>From zero to 1 hour. The default is 3 seconds.</value>
    [SettingRange("0s", "1h")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long entries of the audit are kept.</summary>
    /// <value>From 1 hour to 36,500 days. The default is 365 days.</value>
    [SettingRange("1h", "36500d")]
    public TimeSpan AuditRetention { get; set; } = TimeSpan.FromDays(365);

    /// <summary>The certificate of the node, a PEM or PKCS#12 file: the API is then served over TLS, and gRPC at the same address.</summary>
    /// <value>A file. The default is empty: clear text.</value>
    public string Certificate { get; set; } = string.Empty;

    /// <summary>The key of a PEM certificate.</summary>
    /// <value>A file. The default is empty: the certificate's file holds it.</value>
    public string CertificateKey { get; set; } = string.Empty;

    /// <summary>The certificates of authorities of which clients must have a certificate, a PEM file.</summary>
    /// <value>A file. The default is empty: clients need none.</value>
    public string ClientCertificates { get; set; } = string.Empty;

    /// <summary>The addresses that are used, each with its key.</summary>
    internal IEnumerable<(string Key, string Text, bool IsLoopback)> Listening =>
        (Certificate.Length > 0 ? [(nameof(Address), Address)] : ((string, string)[])[(nameof(Address), Address), (nameof(GrpcAddress), GrpcAddress)])
        .Select(at => (at.Item1, at.Item2, ListenAddress.TryParse(at.Item2, out var address) && address.IsLoopback));
}

/// <summary>Checks the attributes of the API's options.</summary>
[OptionsValidator]
internal sealed partial class ApiOptionRanges : IValidateOptions<ApiOptions>;
