using System.Net;
using System.Text;

namespace ActorFlow.Tasks.Http;

/// <summary>One of the requests of a task: the first, or one to follow a redirect.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Url">The address.</param>
/// <param name="WithBody">Whether the body is sent.</param>
/// <param name="Trusted">Whether all requests so far went to the task's own origin, so that confidential values are sent.</param>
internal sealed record HttpHop(HttpMethod Method, Uri Url, bool WithBody, bool Trusted)
{
    /// <summary>The largest number of redirects that are followed: 50.</summary>
    public const int Most = 50;

    /// <summary>The request that follows a redirect; null means that the response is not a redirect.</summary>
    /// <param name="response">The response.</param>
    /// <exception cref="TaskFailure">The redirect must not be followed; not retryable.</exception>
    public HttpHop? After(HttpResponseMessage response)
    {
        var status = response.StatusCode;
        if (status is not (HttpStatusCode.MultipleChoices or HttpStatusCode.MovedPermanently or HttpStatusCode.Found
                or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || Location(response) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(Url, text, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            throw Refused(status, text, "only http and https are followed");
        }

        if (Url.Scheme == "https" && url.Scheme == "http")
        {
            throw Refused(status, text, "a redirect from https to http is not followed");
        }

        if (url.Fragment.Length == 0 && Url.Fragment.Length > 0)
        {
            url = new UriBuilder(url) { Fragment = Url.Fragment }.Uri;
        }

        var toGet = status == HttpStatusCode.SeeOther
            ? Method != HttpMethod.Get && Method != HttpMethod.Head
            : Method == HttpMethod.Post && status is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect);
        return new(toGet ? HttpMethod.Get : Method, url, WithBody && !toGet, Trusted && IsSameOrigin(url));
    }

    /// <summary>Makes the failure that tells why a redirect is not followed.</summary>
    public TaskFailure Refused(HttpStatusCode status, string location, string why) =>
        new("HttpFailed", $"{Method} {Url} answered {(int)status} with a redirect to {location}: {why}.", retryable: false)
        {
            MessageLimit = QuotedText.MessageLimit,
        };

    private bool IsSameOrigin(Uri other) =>
        Url.Scheme == other.Scheme && Url.Port == other.Port && string.Equals(Url.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    // As it was sent: a parsed one takes "/x" for a file on systems that name files so. Headers are read as Latin-1, and may be UTF-8.
    private static string? Location(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Location", out var values) && values.ToString().Trim() is { Length: > 0 } text
            ? Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text))
            : null;
}
