using ActorFlow.Persistence.Postgres;
using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Tests.Persistence;

public sealed class PersistenceOptionsTests
{
    [Theory]
    [InlineData("DataDirectory", " ")]
    [InlineData("Journal", "7")]
    [InlineData("Synchronous", "7")]
    [InlineData("ConnectionString", "Host=localhost")]
    [InlineData("Writers", "0")]
    [InlineData("Writers", "17")]
    [InlineData("CallTimeout", "00:00:00")]
    [InlineData("CallTimeout", "00:10:01")]
    [InlineData("RetryWindow", "-00:00:01")]
    [InlineData("RetryWindow", "00:01:01")]
    public void A_value_out_of_range_is_refused_by_its_name(string key, string value)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => SqlitePersistence.Open(Bound(key, value)));

        Assert.StartsWith($"Persistence:{key} must ", refusal.Message);
    }

    [Theory]
    [InlineData("stock", JournalKind.Stock)]
    [InlineData("memory", JournalKind.Memory)]
    [InlineData("postgres", JournalKind.Postgres)]
    [InlineData("ActorFlow", JournalKind.ActorFlow)]
    public void The_journal_is_chosen_by_its_name(string name, JournalKind expected) =>
        Assert.Equal(expected, Bound("Journal", name).Journal);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("postgres://user:Open-Sesame@host/database")]
    [InlineData("Host=host;Password=Open;Sesame=7")]
    [InlineData("Host=host;Port=Sesame")]
    [InlineData("Database=host;Password=Sesame")]
    public void A_connection_string_that_cannot_be_read_is_refused_without_a_word_of_it(string text)
    {
        var refusal = Assert.Throws<OptionsValidationException>(
            () => PostgresPersistence.Open(new() { Journal = JournalKind.Postgres, ConnectionString = text }));

        Assert.Equal(
            "Persistence:ConnectionString must name a PostgreSQL database: Host=...;Port=...;Database=...;Username=...;Password=...", refusal.Message);
    }

    [Fact]
    public void The_defaults_are_valid() =>
        Assert.Empty(PersistenceOptionsValidator.AllFailuresOf(new PersistenceOptions(), "Persistence"));

    private static PersistenceOptions Bound(string key, string value) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>($"{PersistenceOptions.Section}:{key}", value)])
            .Build()
            .GetSection(PersistenceOptions.Section)
            .Get<PersistenceOptions>()!;
}
