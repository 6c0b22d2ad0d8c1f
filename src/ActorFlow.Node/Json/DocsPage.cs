using System.Net;
using System.Text;
using ActorFlow.Node.Api;
using Microsoft.AspNetCore.Http;

namespace ActorFlow.Node.Json;

/// <summary>A page that lists the operations of the JSON API. It asks nothing of anybody: all of it is in the page.</summary>
internal static class DocsPage
{
    private const string Head =
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>ActorFlow API</title>
        <style>
        :root { color-scheme: light dark }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
        code { font: 0.9em ui-monospace, monospace }
        details { border-top: 1px solid #8884; padding: 0.5rem 0 }
        summary { cursor: pointer }
        .method { display: inline-block; min-width: 4.5rem; font-weight: 600 }
        .role { opacity: 0.7; font-size: 0.85em }
        table { border-collapse: collapse; width: 100% } td { vertical-align: top; padding: 0.2rem 1rem 0.2rem 0; border-top: 1px solid #8882 }
        </style></head><body>
        <h1>ActorFlow API</h1>
        <p>JSON over HTTP; the same over gRPC, package <code>actorflow.v1</code>. For programs: <a href="/openapi/v1.json">/openapi/v1.json</a> (OpenAPI 3.1).
        A refusal is <code>application/problem+json</code> with a stable <code>code</code>. A run whose id holds <code>/</code> is written with <code>%2F</code>,
        or read at <code>/api/v1/workflows/-/…?id=</code>.</p>
        """;

    /// <summary>Writes the page.</summary>
    public static Task WriteAsync(HttpContext context, string page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return context.Response.WriteAsync(page, context.RequestAborted);
    }

    /// <summary>The page.</summary>
    public static string Of(IEnumerable<JsonRoute> routes)
    {
        var page = new StringBuilder(Head);
        foreach (var group in routes.GroupBy(route => route.Name.Split('.')[0]))
        {
            page.Append("<h2>").Append(Text(group.Key)).AppendLine("</h2>");
            foreach (var route in group)
            {
                Write(page, route);
            }
        }

        page.AppendLine("</body></html>");
        return page.ToString();
    }

    private static void Write(StringBuilder page, JsonRoute route)
    {
        page.Append("<details><summary><code class=\"method\">").Append(route.Method).Append("</code> <code>")
            .Append(Text(JsonRoutes.Prefix + route.Path)).Append("</code> <span class=\"role\">")
            .Append(route.Role == ApiRole.None ? "open" : route.Role.ToWord()).AppendLine("</span></summary>");
        page.Append("<p>").Append(Text(route.Summary)).AppendLine("</p><table>");
        foreach (var parameter in route.Parameters)
        {
            Row(page, $"?{parameter.Name}", parameter.Description);
        }

        foreach (var field in route.Body?.Fields ?? [])
        {
            Row(page, field.IsRequired ? $"{field.Name} (required)" : field.Name, field.Description);
        }

        if (route.Body is { Fields.Length: 0 } body)
        {
            Row(page, "body", string.Join(" or ", body.MediaTypes));
        }

        if (route.IsCommand)
        {
            Row(page, "Idempotency-Key (header)", "The id of the command: a repeat under the same one changes nothing.");
        }

        Row(page, "answers", string.Join(", ", route.Answers.Select(answer => answer.Status)));
        page.AppendLine("</table></details>");
    }

    private static void Row(StringBuilder page, string name, string description) =>
        page.Append("<tr><td><code>").Append(Text(name)).Append("</code></td><td>").Append(Text(description)).AppendLine("</td></tr>");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
