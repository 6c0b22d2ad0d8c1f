using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

public sealed class ActorFlowJournalContractTests() : JournalContract(JournalKind.ActorFlow);

public sealed class StockJournalContractTests() : JournalContract(JournalKind.Stock);

