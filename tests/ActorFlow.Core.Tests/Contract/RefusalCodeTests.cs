namespace ActorFlow.Core.Tests.Contract;

public sealed class RefusalCodeTests
{
    // The table of the API, to the letter: word in the API, gRPC status, HTTP status.
    [Theory]
    [InlineData("invalid-request bad-id bad-name invalid-input invalid-payload invalid-answer invalid-signal", 3, 400)]
    [InlineData("definition-invalid", 3, 422)]
    [InlineData("unauthenticated", 16, 401)]
    [InlineData("forbidden", 7, 403)]
    [InlineData("workflow-not-found definition-not-found task-not-found checkpoint-not-found queue-not-found schedule-not-found worker-not-found key-not-found", 5, 404)]
    [InlineData("id-conflict definition-conflict schedule-conflict command-conflict worker-conflict key-conflict purged", 6, 409)]
    [InlineData("closed not-waiting already-answered callback-obsolete wrong-state", 9, 409)]
    [InlineData("gone", 5, 410)]
    [InlineData("payload-too-large limit-exceeded", 3, 413)]
    [InlineData("overloaded queue-full", 8, 429)]
    [InlineData("unavailable", 14, 503)]
    [InlineData("timeout", 4, 504)]
    [InlineData("internal", 13, 500)]
    public void A_code_has_the_statuses_of_the_API(string words, int grpc, int http) => Assert.All(words.Split(' '), word =>
    {
        var code = RefusalCode.Of(word);

        Assert.Equal((word, word, grpc, http), (code.Word, code.ApiWord, code.GrpcStatus, code.HttpStatus));
    });

    [Theory]
    [InlineData("not-paused not-failed not-closed rewinding compensated consumed terminated", "wrong-state", 5)]
    [InlineData("unreadable no-store", "unavailable", 3)]
    [InlineData("payload-too-deep payload-not-text", "invalid-payload", 2)]
    [InlineData("not-text", "invalid-request", 2)]
    [InlineData("signal-not-found", "invalid-signal", 4)]
    public void What_the_engine_says_more_exactly_is_a_word_of_the_API(string words, string apiWord, int exitCode) => Assert.All(words.Split(' '), word =>
    {
        var code = RefusalCode.Of(word);

        Assert.Equal((word, apiWord, exitCode), (code.Word, code.ApiWord, code.ExitCode));
        Assert.Equal(RefusalCode.Of(apiWord).HttpStatus, code.HttpStatus);
    });

    [Theory]
    [InlineData("unauthenticated")]
    [InlineData("forbidden")]
    public void Who_may_not_come_in_gets_an_exit_code_of_its_own(string word) => Assert.Equal(6, RefusalCode.Of(word).ExitCode);

    [Fact]
    public void A_word_of_a_later_version_counts_as_internal() => Assert.Equal("internal", RefusalCode.Of("from-the-future").Word);

    [Fact]
    public void Every_code_has_an_exception_of_its_family_and_an_exit_code_that_means_refused() => Assert.All(RefusalCode.All, code =>
    {
        var refused = WorkflowRefusedException.Of(code.Word, "why");

        Assert.Equal((code.Word, code.Category, "why"), (refused.Code, refused.Category, refused.Message));
        Assert.InRange(code.ExitCode, 1, 6);
        Assert.Equal(code.Category == RefusalCategory.NotFound || code.Category == RefusalCategory.Gone, refused is NotFoundException);
        Assert.Equal(code.Category == RefusalCategory.Conflict, refused is ConflictException);
        Assert.Equal(code.Category == RefusalCategory.WrongState, refused is WrongStateException);
        Assert.NotEqual(typeof(WorkflowRefusedException), refused.GetType());
    });
}
