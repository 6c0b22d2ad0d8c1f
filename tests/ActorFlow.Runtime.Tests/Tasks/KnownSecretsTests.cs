using ActorFlow.Runtime.Tasks.Secrets;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class KnownSecretsTests
{
    [Fact]
    public void It_masks_what_it_began_with_and_what_came_later()
    {
        var known = new KnownSecrets(["from-start", "short", ""]);

        Assert.Equal("*** short resolved-later", known.Mask.Apply("from-start short resolved-later"));
        known.Add("resolved-later");
        known.Add("short");
        Assert.Equal("*** short ***", known.Mask.Apply("from-start short resolved-later"));
    }

    [Fact]
    public void A_secret_known_already_changes_nothing()
    {
        var known = new KnownSecrets([]);
        Assert.True(known.Mask.IsEmpty);
        known.Add("resolved-later");
        var mask = known.Mask;

        known.Add("resolved-later");

        Assert.Same(mask, known.Mask);
    }

    [Fact]
    public void The_environment_is_known_from_the_start()
    {
        Environment.SetEnvironmentVariable("ACTORFLOW_SECRET_KNOWN_FROM_START", "env-value-of-known");
        try
        {
            Assert.Equal("***", KnownSecrets.OfEnvironment().Mask.Apply("env-value-of-known"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ACTORFLOW_SECRET_KNOWN_FROM_START", null);
        }
    }
}
