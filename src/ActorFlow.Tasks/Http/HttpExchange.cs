namespace ActorFlow.Tasks.Http;

/// <summary>
/// Sends a request, and follows its redirects. To another origin than the task's own it sends no header that identifies the sender, and
/// no value that holds a secret.
/// </summary>
internal sealed class HttpExchange(HttpClient client, HttpTaskRequest request)
{
    /// <summary>Gets the response that is not a redirect; its body has still to be read.</summary>
    public async Task<HttpResponseMessage> SendAsync(CancellationToken cancellationToken)
    {
        var hop = new HttpHop(request.Method, request.Url, WithBody: true, Trusted: true);
        for (var followed = 0; ; followed++)
        {
            using var message = request.ToMessage(hop);
            var response = await client
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            try
            {
                if (Next(hop, response, followed) is not { } next)
                {
                    return response;
                }

                hop = next;
            }
            catch
            {
                response.Dispose();
                throw;
            }

            response.Dispose();
        }
    }

    private HttpHop? Next(HttpHop hop, HttpResponseMessage response, int followed)
    {
        if (hop.After(response) is not { } next)
        {
            return null;
        }

        if (followed == HttpHop.Most)
        {
            throw hop.Refused(response.StatusCode, next.Url.ToString(), $"that is one more than the {HttpHop.Most} that are followed");
        }

        return next is { WithBody: true, Trusted: false } && request.BodyHoldsSecret
            ? throw hop.Refused(response.StatusCode, next.Url.ToString(), "the body holds a secret, which is not sent to another origin")
            : next;
    }
}
