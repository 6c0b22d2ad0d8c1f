using System.Net;
using Grpc.Core;

namespace ActorFlow.Node.Tests.Security;

public sealed class OpenDoorTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private RunningNode Node => fixture.Node;

    // Failure rule 89: a page of any site can make a browser on this machine send requests.
    [Theory]
    [InlineData("Host", "evil.example:9110")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Failure_89_pages_of_other_sites_are_refused(string header, string value)
    {
        var (read, problem, _) = await Node.SendAsync("GET", "/api/v1/workflows", headers: (header, value));
        var (started, _, _) = await Node.SendAsync("POST", "/api/v1/workflows", """{"definition":"echo","id":"from-a-page"}""", headers: (header, value));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (read, started));
        Assert.Contains("forbidden", problem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFoundException>(() => Node.Local.DescribeAsync("from-a-page"));
    }

    // Failure rule 90: behind a proxy anybody may be.
    [Theory]
    [InlineData("Forwarded", "for=192.0.2.1")]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("Via", "1.1 proxy")]
    public async Task Failure_90_what_came_through_a_proxy_has_to_sign_in(string header, string value)
    {
        var (status, problem, response) = await Node.SendAsync("GET", "/api/v1/workflows", headers: (header, value));
        var overGrpc = await Assert.ThrowsAsync<RpcException>(async () => await Node.Workflows.ListAsync(new(), new Metadata { { header, value } }));

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (status, response.Headers.WwwAuthenticate.ToString()));
        Assert.Contains("unauthenticated", problem, StringComparison.Ordinal);
        Assert.Equal((StatusCode.Unauthenticated, "unauthenticated"), (overGrpc.StatusCode, overGrpc.Trailers.GetValue("actorflow-code")));
    }

    [Fact]
    public async Task A_page_of_the_node_itself_may_call()
    {
        var origin = Node.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var (status, _, _) = await Node.SendAsync("GET", "/api/v1/workflows", headers: [("Origin", origin), ("Sec-Fetch-Site", "same-origin")]);

        Assert.Equal(HttpStatusCode.OK, status);
    }
}
