using ActorFlow.Node.Api;
using Microsoft.Extensions.Options;

namespace ActorFlow.Node.Hosting;

/// <summary>Checks the options of the API: the ranges of their attributes, and what no attribute can tell. Each failure is one line with the full key.</summary>
/// <param name="path">The key of the section that the options stand for.</param>
internal sealed class ApiOptionsValidator(string path) : IValidateOptions<ApiOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        string[] failures = [.. new ApiOptionRanges().Validate(path, options).Failures ?? [], .. Failures(options).Select(failure => $"{path}:{failure}")];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(ApiOptions options)
    {
        foreach (var (key, text) in ((string, string)[])[(nameof(options.Address), options.Address), (nameof(options.GrpcAddress), options.GrpcAddress)])
        {
            if (!ListenAddress.TryParse(text, out _))
            {
                yield return $"{key} must be an address and a port such as 127.0.0.1:9110 or *:9110; it is '{text}'.";
            }
        }

        foreach (var (key, file) in ((string, string)[])
            [(nameof(options.Certificate), options.Certificate), (nameof(options.CertificateKey), options.CertificateKey), (nameof(options.ClientCertificates), options.ClientCertificates)])
        {
            if (file.Length > 0 && !File.Exists(file))
            {
                yield return $"{key} names the file {file}, which is not there.";
            }
        }

        if (options.Certificate.Length == 0 && options.CertificateKey.Length + options.ClientCertificates.Length > 0)
        {
            yield return $"{(options.CertificateKey.Length > 0 ? nameof(options.CertificateKey) : nameof(options.ClientCertificates))} is set, but Certificate is not.";
        }
    }
}
