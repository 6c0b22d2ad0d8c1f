using System.Globalization;
using System.Text.Json;
using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using Microsoft.AspNetCore.Http;

namespace ActorFlow.Node.Json;

/// <summary>Answers refusals as problem details (RFC 9457).</summary>
/// <param name="gate">Names faults.</param>
/// <param name="trail">Counts refusals at the door.</param>
internal sealed class Problems(ApiGate gate, AuditTrail trail)
{
    private const string MediaType = "application/problem+json";

    /// <summary>Does a request; what fails is answered.</summary>
    public async Task DoAsync(HttpContext context, Func<Task> request)
    {
        try
        {
            await request().ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to hear of it.
        }
        catch (UnsupportedMediaTypeException wrong)
        {
            await WriteAsync(context, new("about:blank", "Unsupported media type", StatusCodes.Status415UnsupportedMediaType, wrong.Message, "invalid-request")).ConfigureAwait(false);
        }
        catch (BadHttpRequestException wrong)
        {
            var refused = wrong.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? WorkflowRefusedException.Of("payload-too-large", "The body is too large.", wrong)
                : WorkflowRefusedException.Of("invalid-request", wrong.Message, wrong);
            await WriteAsync(context, refused).ConfigureAwait(false);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            var refused = gate.Named(error);
            trail.NoteRefusal(context, refused);
            await WriteAsync(context, refused).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The answer has begun: breaking it off is all that still tells.
            gate.Named(error);
            context.Abort();
        }
    }

    /// <summary>Answers a refusal.</summary>
    /// <param name="context">The request.</param>
    /// <param name="refused">The refusal.</param>
    /// <param name="status">The status; null means that of its code.</param>
    public static Task WriteAsync(HttpContext context, WorkflowRefusedException refused, int? status = null)
    {
        var code = RefusalCode.Of(refused.Code);
        if (code.Category is RefusalCategory.Overloaded or RefusalCategory.Unavailable)
        {
            var seconds = Math.Max(1, Math.Ceiling(RetryAfter.Of(code.Category).TotalSeconds));
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (code.Category == RefusalCategory.Unauthenticated)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return WriteAsync(context, Of(refused, status));
    }

    /// <summary>A refusal as problem details.</summary>
    /// <param name="refused">The refusal.</param>
    /// <param name="status">The status; null means that of its code.</param>
    public static ProblemAnswer Of(WorkflowRefusedException refused, int? status = null)
    {
        var code = RefusalCode.Of(refused.Code);
        return new("about:blank", TitleOf(code.Category), status ?? code.HttpStatus, refused.Message, code.ApiWord)
        {
            Problems = refused is DefinitionException invalid ? [.. invalid.Errors.Select(ProblemItem.Of)] : null,
        };
    }

    private static async Task WriteAsync(HttpContext context, ProblemAnswer problem)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.ProblemAnswer);
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = MediaType;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(body, CancellationToken.None).ConfigureAwait(false);
    }

    private static string TitleOf(RefusalCategory category) => category switch
    {
        RefusalCategory.InvalidRequest => "Invalid request",
        RefusalCategory.InvalidDefinition => "Invalid definition",
        RefusalCategory.Unauthenticated => "Not signed in",
        RefusalCategory.Forbidden => "Not allowed",
        RefusalCategory.NotFound => "Not found",
        RefusalCategory.Conflict => "Conflict",
        RefusalCategory.WrongState => "Wrong state",
        RefusalCategory.Gone => "Gone",
        RefusalCategory.TooLarge => "Too large",
        RefusalCategory.Overloaded => "Overloaded",
        RefusalCategory.Unavailable => "Unavailable",
        RefusalCategory.Timeout => "Timeout",
        _ => "Internal error",
    };
}
